package template

import (
	"errors"
	"regexp"
	"strings"
	"testing"
)

func TestIdentity_has_the_form_that_AWS_gives(t *testing.T) {
	const (
		uuidForm = `[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}`
		account  = `:111122223333:`
		function = `arn:aws:lambda:eu-west-1` + account + `function:hello`
		given    = `App-R-[0-9A-Z]{12}`
	)
	tests := []struct {
		resource string // type and properties
		want     map[string]string
	}{
		{`"AWS::Lambda::Function"`, map[string]string{"Ref": given, "Arn": `arn:aws:lambda:eu-west-1` + account + `function:` + given}},
		{`"AWS::Lambda::Version","Properties":{"FunctionName":"hello"}`, map[string]string{"Ref": function + `:1`, "FunctionArn": function + `:1`, "Version": `1`}},
		{`"AWS::Lambda::Version","Properties":{"FunctionName":"999999999999:function:hello"}`, map[string]string{"Ref": `arn:aws:lambda:eu-west-1:999999999999:function:hello:1`}},
		{`"AWS::Lambda::Alias","Properties":{"FunctionName":"arn:aws:lambda:eu-west-1:111122223333:function:hello","Name":"live"}`, map[string]string{"Ref": function + `:live`, "AliasArn": function + `:live`}},
		{`"AWS::Lambda::Url","Properties":{"TargetFunctionArn":"hello"}`, map[string]string{"Ref": function, "FunctionArn": function, "FunctionUrl": `https://[0-9a-z]{32}\.lambda-url\.eu-west-1\.on\.aws/`}},
		{`"AWS::Lambda::Url","Properties":{"TargetFunctionArn":"hello","Qualifier":"live"}`, map[string]string{"FunctionArn": function + `:live`}},
		{`"AWS::Lambda::LayerVersion","Properties":{"LayerName":"tools"}`, map[string]string{"Ref": `arn:aws:lambda:eu-west-1` + account + `layer:tools:1`}},
		{`"AWS::Lambda::Permission"`, map[string]string{"Id": given}},

		{`"AWS::CloudFront::Distribution"`, map[string]string{"Ref": `E[0-9A-Z]{13}`, "Id": `E[0-9A-Z]{13}`, "DomainName": `d[0-9a-z]{13}\.cloudfront\.net`}},
		{`"AWS::CloudFront::Function","Properties":{"Name":"host","AutoPublish":true}`, map[string]string{"Ref": `arn:aws:cloudfront:` + account + `function/host`, "FunctionARN": `arn:aws:cloudfront:` + account + `function/host`, "FunctionMetadata.FunctionARN": `arn:aws:cloudfront:` + account + `function/host`, "Stage": `LIVE`}},
		{`"AWS::CloudFront::Function","Properties":{"AutoPublish":"false"}`, map[string]string{"Stage": `DEVELOPMENT`, "FunctionARN": `arn:aws:cloudfront:` + account + `function/` + given}},
		{`"AWS::CloudFront::OriginAccessControl"`, map[string]string{"Ref": `E[0-9A-Z]{13}`, "Id": `E[0-9A-Z]{13}`}},
		{`"AWS::CloudFront::CloudFrontOriginAccessIdentity"`, map[string]string{"Id": `E[0-9A-Z]{13}`, "S3CanonicalUserId": `[0-9a-f]{64}`}},
		{`"AWS::CloudFront::CachePolicy"`, map[string]string{"Ref": uuidForm, "Id": uuidForm}},
		{`"AWS::CloudFront::OriginRequestPolicy"`, map[string]string{"Ref": uuidForm}},
		{`"AWS::CloudFront::ResponseHeadersPolicy"`, map[string]string{"Ref": uuidForm}},
		{`"AWS::CloudFront::KeyGroup"`, map[string]string{"Ref": uuidForm}},
		{`"AWS::CloudFront::PublicKey"`, map[string]string{"Ref": `K[0-9A-Z]{13}`}},
		{`"AWS::CloudFront::KeyValueStore","Properties":{"Name":"store"}`, map[string]string{"Ref": `store`, "Id": uuidForm, "Arn": `arn:aws:cloudfront:` + account + `key-value-store/` + uuidForm, "Status": `READY`}},
		{`"AWS::CloudFront::RealtimeLogConfig","Properties":{"Name":"logs"}`, map[string]string{"Arn": `arn:aws:cloudfront:` + account + `realtime-log-config/logs`}},

		{`"AWS::ApiGateway::RestApi"`, map[string]string{"Ref": `[0-9a-z]{10}`, "RestApiId": `[0-9a-z]{10}`, "RootResourceId": `[0-9a-z]{6}`}},
		{`"AWS::ApiGateway::Resource"`, map[string]string{"Ref": `[0-9a-z]{6}`, "ResourceId": `[0-9a-z]{6}`}},
		{`"AWS::ApiGateway::Stage","Properties":{"StageName":"prod"}`, map[string]string{"Ref": `prod`}},
		{`"AWS::ApiGateway::ApiKey"`, map[string]string{"Ref": `[0-9a-z]{10}`, "APIKeyId": `[0-9a-z]{10}`}},

		{`"AWS::S3::Bucket","Properties":{"BucketName":"files"}`, map[string]string{"Ref": `files`, "Arn": `arn:aws:s3:::files`, "DomainName": `files\.s3\.amazonaws\.com`, "RegionalDomainName": `files\.s3\.eu-west-1\.amazonaws\.com`, "DualStackDomainName": `files\.s3\.dualstack\.eu-west-1\.amazonaws\.com`, "WebsiteURL": `http://files\.s3-website-eu-west-1\.amazonaws\.com`}},
		{`"AWS::S3::Bucket"`, map[string]string{"Ref": `app-r-[0-9a-z]{12}`}},
		{`"AWS::S3::BucketPolicy","Properties":{"Bucket":"files"}`, map[string]string{"Ref": `files`}},
		{`"AWS::DynamoDB::GlobalTable","Properties":{"TableName":"items"}`, map[string]string{"Ref": `items`, "Arn": `arn:aws:dynamodb:eu-west-1` + account + `table/items`}},
		{`"AWS::DynamoDB::Table","Properties":{"TableName":"items"}`, map[string]string{"Ref": `items`, "Arn": `arn:aws:dynamodb:eu-west-1` + account + `table/items`}},

		{`"AWS::IAM::Role","Properties":{"RoleName":"me"}`, map[string]string{"Ref": `me`, "Arn": `arn:aws:iam:` + account + `role/me`, "RoleId": `AROA[0-9A-Z]{17}`}},
		{`"AWS::IAM::Role","Properties":{"RoleName":"me","Path":"/team/"}`, map[string]string{"Arn": `arn:aws:iam:` + account + `role/team/me`}},
		{`"AWS::IAM::ManagedPolicy","Properties":{"ManagedPolicyName":"all"}`, map[string]string{"Ref": `arn:aws:iam:` + account + `policy/all`, "PolicyArn": `arn:aws:iam:` + account + `policy/all`}},
		{`"AWS::IAM::Policy"`, map[string]string{"Id": `ANPA[0-9A-Z]{17}`}},
		{`"AWS::SSM::Parameter","Properties":{"Name":"/a/b","Type":"String","Value":"v"}`, map[string]string{"Ref": `/a/b`, "Value": `v`, "Type": `String`, "Arn": `arn:aws:ssm:eu-west-1` + account + `parameter/a/b`}},
		{`"AWS::SSM::Parameter","Properties":{"Name":"plain"}`, map[string]string{"Arn": `arn:aws:ssm:eu-west-1` + account + `parameter/plain`}},
		{`"AWS::SecretsManager::Secret","Properties":{"Name":"db"}`, map[string]string{"Ref": `arn:aws:secretsmanager:eu-west-1` + account + `secret:db-[0-9a-z]{6}`}},
		{`"AWS::KMS::Key"`, map[string]string{"Ref": uuidForm, "Arn": `arn:aws:kms:eu-west-1` + account + `key/` + uuidForm}},
		{`"AWS::KMS::Alias","Properties":{"AliasName":"alias/x"}`, map[string]string{"Ref": `alias/x`}},
		{`"AWS::CertificateManager::Certificate"`, map[string]string{"Ref": `arn:aws:acm:eu-west-1` + account + `certificate/` + uuidForm}},

		{`"AWS::Logs::LogGroup","Properties":{"LogGroupName":"/x"}`, map[string]string{"Ref": `/x`, "Arn": `arn:aws:logs:eu-west-1` + account + `log-group:/x:\*`}},
		{`"AWS::SQS::Queue","Properties":{"QueueName":"q"}`, map[string]string{"Ref": `https://sqs\.eu-west-1\.amazonaws\.com/111122223333/q`, "Arn": `arn:aws:sqs:eu-west-1` + account + `q`, "QueueName": `q`}},
		{`"AWS::SNS::Topic","Properties":{"TopicName":"t"}`, map[string]string{"Ref": `arn:aws:sns:eu-west-1` + account + `t`, "TopicName": `t`}},
		{`"AWS::Events::EventBus","Properties":{"Name":"bus"}`, map[string]string{"Ref": `bus`, "Arn": `arn:aws:events:eu-west-1` + account + `event-bus/bus`}},
		{`"AWS::CloudWatch::Alarm","Properties":{"AlarmName":"hot"}`, map[string]string{"Ref": `hot`, "Arn": `arn:aws:cloudwatch:eu-west-1` + account + `alarm:hot`}},

		{`"AWS::CloudFormation::CustomResource"`, map[string]string{"Ref": given}},
		{`"Custom::Anything"`, map[string]string{"Ref": given}},
		{`"Custom::CDKBucketDeployment","Properties":{"DestinationBucketArn":"arn:aws:s3:::b"}`, map[string]string{"DestinationBucketArn": `arn:aws:s3:::b`}},
		{`"Custom::LogRetention","Properties":{"LogGroupName":"/aws/lambda/x"}`, map[string]string{"LogGroupName": `/aws/lambda/x`}},
	}
	for _, test := range tests {
		r, err := one(t, `{"Resources":{"R":{"Type":`+test.resource+`}}}`).Resource("App", "R")
		if err != nil {
			t.Fatal(err)
		}
		for attribute, form := range test.want {
			got, err := r.Attribute(attribute)
			if err != nil {
				t.Errorf("%s of %s: %v", attribute, test.resource, err)
			} else if !regexp.MustCompile(`^` + form + `$`).MatchString(got) {
				t.Errorf("%s of %s = %q, want the form %s", attribute, test.resource, got, form)
			}
		}
	}
}

func TestIdentity_table_has_known_placeholders_only(t *testing.T) {
	for kind, attributes := range identities {
		d := one(t, `{"Resources":{"R":{"Type":"`+kind+`","Properties":{"FunctionName":"f","TargetFunctionArn":"f"}}}}`)
		r, err := d.Resource("App", "R")
		if err != nil {
			t.Fatal(err)
		}
		for attribute := range attributes {
			if value, err := r.Attribute(attribute); strings.Contains(value, "${") || err != nil && !errors.Is(err, ErrUnsupported) {
				t.Errorf("%s of %s: %q, %v", attribute, kind, value, err)
			}
		}
	}
}

func TestIdentity_of_China_has_its_domains(t *testing.T) {
	d := deploy(t, nil, Stack{ID: "App", Region: "cn-north-1", Template: decodeJSON(t, `{"Resources":{
		"D":{"Type":"AWS::CloudFront::Distribution"},"B":{"Type":"AWS::S3::Bucket","Properties":{"BucketName":"b"}}}}`)})
	for id, want := range map[string]string{"D": ".cloudfront.cn", "B": "b.s3.cn-north-1.amazonaws.com.cn"} {
		r, err := d.Resource("App", id)
		if err != nil {
			t.Fatal(err)
		}
		attribute := "DomainName"
		if id == "B" {
			attribute = "RegionalDomainName"
		}
		if got, err := r.Attribute(attribute); err != nil || !strings.HasSuffix(got, want) {
			t.Errorf("%s = %q, %v; want one ending in %s", attribute, got, err, want)
		}
	}
}

func TestIdentity_is_the_same_each_time_and_unlike_any_other(t *testing.T) {
	const template = `{"Resources":{"A":{"Type":"AWS::Lambda::Url"},"B":{"Type":"AWS::Lambda::Url"}}}`
	deployed := func() map[string]string {
		d := deploy(t, nil,
			Stack{ID: "One", Region: "us-east-1", Template: decodeJSON(t, template)},
			Stack{ID: "Two", Region: "us-east-1", Template: decodeJSON(t, template)},
			Stack{ID: "Far", Name: "One", Region: "eu-west-1", Template: decodeJSON(t, template)})
		urls, err := d.ResourcesOfType("AWS::Lambda::Url")
		if err != nil {
			t.Fatal(err)
		}
		ids := make(map[string]string)
		for _, r := range urls {
			url, err := r.Attribute("FunctionUrl")
			if err != nil {
				t.Fatal(err)
			}
			id, _, _ := strings.Cut(strings.TrimPrefix(url, "https://"), ".")
			if before, ok := ids[id]; ok {
				t.Errorf("%s and %s of %s share the url-id %s", before, r.LogicalID, r.Stack, id)
			}
			ids[id] = r.Stack + "." + r.LogicalID
		}
		return ids
	}
	first, second := deployed(), deployed()
	if len(first) != 6 {
		t.Errorf("%d url-ids, want 6", len(first))
	}
	for id, place := range first {
		if second[id] != place {
			t.Errorf("url-id %s of %s became that of %s", id, place, second[id])
		}
	}
}

func TestIdentity_names_fit_their_limits(t *testing.T) {
	d := deploy(t, nil, Stack{ID: strings.Repeat("S", 100), Template: decodeJSON(t, `{"Resources":{
		"F":{"Type":"AWS::Lambda::Function"},"B":{"Type":"AWS::S3::Bucket"}}}`)})
	for id, limit := range map[string]int{"F": 64, "B": 63} {
		r, err := d.Resource(strings.Repeat("S", 100), id)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := r.Ref(); err != nil || len(got) != limit {
			t.Errorf("generated name %q has %d characters, %v; want %d", got, len(got), err, limit)
		}
	}
}

func TestIdentity_of_versions_counts_per_function(t *testing.T) {
	d := one(t, `{"Conditions":{"No":{"Fn::Equals":[1,2]}},"Resources":{
		"A1":{"Type":"AWS::Lambda::Version","Properties":{"FunctionName":"a"}},
		"A2":{"Type":"AWS::Lambda::Version","Properties":{"FunctionName":"a"}},
		"A0":{"Type":"AWS::Lambda::Version","Condition":"No","Properties":{"FunctionName":"a"}},
		"AX":{"Type":"AWS::Lambda::Version","Properties":{"FunctionName":{"Ref":"Nobody"}}},
		"B1":{"Type":"AWS::Lambda::Version","Properties":{"FunctionName":"b"}}}}`)
	for id, want := range map[string]string{"A1": "1", "A2": "2", "B1": "1"} {
		r, err := d.Resource("App", id)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := r.Attribute("Version"); err != nil || got != want {
			t.Errorf("Version of %s = %s, %v; want %s", id, got, err, want)
		}
	}
}

func TestIdentity_needs_only_the_properties_that_it_is_made_of(t *testing.T) {
	r, err := one(t, `{"Resources":{
		"Table":{"Type":"AWS::DynamoDB::Table","Properties":{"TableName":"t","Other":{"Fn::GetAtt":["Table2","StreamArn"]}}},
		"Table2":{"Type":"AWS::DynamoDB::Table"},
		"F":{"Type":"AWS::Lambda::Function","Properties":{"Environment":{"Ref":"Table"}}},
		"V":{"Type":"AWS::Lambda::Version","Properties":{"FunctionName":{"Fn::Join":["",[]]}}},
		"W":{"Type":"AWS::Lambda::Version","Properties":{"FunctionName":["a"]}}}}`).Resource("App", "F")
	if err != nil {
		t.Fatal(err)
	}
	if got, err := r.Property("Environment"); err != nil || got != "t" {
		t.Errorf("Ref of a table with an unknown attribute inside = %v, %v", got, err)
	}
}

func TestIdentity_of_a_version_without_function_is_an_error(t *testing.T) {
	d := one(t, `{"Resources":{
		"V":{"Type":"AWS::Lambda::Version"},
		"W":{"Type":"AWS::Lambda::Version","Properties":{"FunctionName":["a"]}}}}`)
	for id, want := range map[string]string{"V": "V has no FunctionName", "W": "App/W, FunctionName: is a list, not a string"} {
		r, err := d.Resource("App", id)
		if err != nil {
			t.Fatal(err)
		}
		_, err = r.Ref()
		contains(t, err, want)
	}
}
