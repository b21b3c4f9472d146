package template

import "testing"

// The templates below are cut from what aws-cdk-lib 2.270.0 synthesizes.

func TestEdgeFunction_reaches_its_consumer_by_the_parameter_store(t *testing.T) {
	edge := Stack{ID: "EdgeStack", Name: "edge-lambda-stack", Region: "us-east-1", Template: decodeJSON(t, `{"Resources":{
		"Fn":{"Type":"AWS::Lambda::Function","Properties":{"FunctionName":"hasher"}},
		"FnCurrentVersion0":{"Type":"AWS::Lambda::Version","Properties":{"FunctionName":{"Ref":"Fn"}}},
		"FnParameter":{"Type":"AWS::SSM::Parameter","Properties":{"Name":"/cdk/EdgeFunctionArn/eu-west-1/App/Fn","Type":"String","Value":{"Ref":"FnCurrentVersion0"}}},
		"Odd":{"Type":"AWS::SSM::Parameter","Properties":{"Name":{"Ref":"Nobody"},"Type":"String","Value":"x"}},
		"Unsure":{"Type":"AWS::SSM::Parameter","Condition":"Nobody","Properties":{"Name":"/x","Value":"x"}}}}`)}
	app := Stack{ID: "App", Region: "eu-west-1", Template: decodeJSON(t, `{"Resources":{
		"FnArnReader":{"Type":"Custom::CrossRegionStringParameterReader","Properties":{
			"ServiceToken":{"Fn::GetAtt":["CustomHandler","Arn"]},"Region":"us-east-1",
			"ParameterName":"/cdk/EdgeFunctionArn/eu-west-1/App/Fn","RefreshToken":"FnCurrentVersion0"}},
		"CustomHandler":{"Type":"AWS::Lambda::Function"},
		"Distribution":{"Type":"AWS::CloudFront::Distribution","Properties":{"Arn":{"Fn::GetAtt":["FnArnReader","FunctionArn"]}}},
		"Lost":{"Type":"Custom::CrossRegionStringParameterReader","Properties":{"Region":"eu-west-1","ParameterName":"/cdk/EdgeFunctionArn/eu-west-1/App/Fn"}}}}`)}
	d := deploy(t, nil, edge, app)
	r, err := d.Resource("App", "Distribution")
	if err != nil {
		t.Fatal(err)
	}
	got, err := r.Property("Arn")
	if want := "arn:aws:lambda:us-east-1:111122223333:function:hasher:1"; err != nil || got != want {
		t.Errorf("FunctionArn = %v, %v; want %s", got, err, want)
	}
	lost, err := d.Resource("App", "Lost")
	if err != nil {
		t.Fatal(err)
	}
	_, err = lost.Attribute("FunctionArn")
	contains(t, err, "App/Lost", `"/cdk/EdgeFunctionArn/eu-west-1/App/Fn" in region eu-west-1`)
}

func TestStrong_references_cross_regions_by_writer_and_reader(t *testing.T) {
	const key = "/cdk/exports/App/Edgeuseast1RefFn0"
	producer := Stack{ID: "Edge", Region: "us-east-1", Template: decodeJSON(t, `{"Resources":{
		"Fn":{"Type":"AWS::Lambda::Function","Properties":{"FunctionName":"hasher"}},
		"ExportsWriter":{"Type":"Custom::CrossRegionExportWriter","Properties":{"ServiceToken":{"Ref":"Unknown"},
			"WriterProps":{"region":"eu-west-1","exports":{"`+key+`":{"Fn::GetAtt":["Fn","Arn"]},"/cdk/exports/App/list":["a"]}}}},
		"OtherWriter":{"Type":"Custom::CrossRegionExportWriter","Properties":{"WriterProps":{"region":"us-west-2","exports":{"`+key+`":"wrong"}}}}}}`)}
	consumer := Stack{ID: "App", Region: "eu-west-1", Template: decodeJSON(t, `{"Resources":{
		"ExportsReader":{"Type":"Custom::CrossRegionExportReader","Properties":{
			"ReaderProps":{"region":"eu-west-1","prefix":"App","imports":{
				"`+key+`":"{{resolve:ssm:`+key+`}}","list":"{{resolve:ssm:/cdk/exports/App/list}}","lost":"{{resolve:ssm:/cdk/exports/App/lost}}"}}}},
		"Distribution":{"Type":"AWS::CloudFront::Distribution","Properties":{
			"Arn":{"Fn::GetAtt":["ExportsReader","`+key+`"]},
			"List":{"Fn::GetAtt":["ExportsReader","list"]},
			"Lost":{"Fn::GetAtt":["ExportsReader","lost"]},
			"Nobody":{"Fn::GetAtt":["ExportsReader","nobody"]}}}}}`)}
	r, err := deploy(t, nil, producer, consumer).Resource("App", "Distribution")
	if err != nil {
		t.Fatal(err)
	}
	got, err := r.Property("Arn")
	if want := "arn:aws:lambda:us-east-1:111122223333:function:hasher"; err != nil || got != want {
		t.Errorf("imported value = %v, %v; want %s", got, err, want)
	}
	_, err = r.Property("List")
	contains(t, err, "Edge/ExportsWriter, WriterProps.exports./cdk/exports/App/list: is a list")
	_, err = r.Property("Lost")
	contains(t, err, `no stack defines the SSM parameter "/cdk/exports/App/lost"`, key, "needed by App/Distribution, Lost")
	_, err = r.Property("Nobody")
	contains(t, err, `unknown attribute "nobody" of ExportsReader, of type Custom::CrossRegionExportReader`)
}

func TestAwsCustomResource_reads_SSM_parameters(t *testing.T) {
	d := deploy(t, nil,
		Stack{ID: "Edge", Region: "us-east-1", Template: decodeJSON(t, `{"Resources":{"P":{"Type":"AWS::SSM::Parameter","Properties":{"Name":"/edge/arn","Value":"far"}}}}`)},
		Stack{ID: "App", Region: "eu-west-1", Template: decodeJSON(t, `{"Resources":{
			"P":{"Type":"AWS::SSM::Parameter","Properties":{"Name":"/edge/arn","Value":"near"}},
			"Far":{"Type":"Custom::AWS","Properties":{"ServiceToken":{"Ref":"Nobody"},"Create":{"Fn::Join":["",["{\"service\":\"SSM\",\"action\":\"getParameter\",\"parameters\":{\"Name\":\"","/edge/arn","\"},\"region\":\"us-east-1\"}"]]}}},
			"Near":{"Type":"Custom::Own","Properties":{"Update":"{\"service\":\"@aws-sdk/client-ssm\",\"action\":\"GetParameterCommand\",\"parameters\":{\"Name\":\"/edge/arn\"}}"}},
			"Lost":{"Type":"Custom::AWS","Properties":{"Create":"{\"service\":\"SSM\",\"action\":\"getParameter\",\"parameters\":{\"Name\":\"/nothing\"}}"}},
			"Other":{"Type":"Custom::AWS","Properties":{"Create":"{\"service\":\"S3\",\"action\":\"listBuckets\"}"}}}}`)})
	for id, want := range map[string]string{"Far": "far", "Near": "near"} {
		r, err := d.Resource("App", id)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := r.Attribute("Parameter.Value"); err != nil || got != want {
			t.Errorf("%s: got %q, %v, want %q", id, got, err, want)
		}
	}
	for id, want := range map[string]string{"Lost": `no stack defines the SSM parameter "/nothing" in region eu-west-1`, "Other": "set it with --value Other.Parameter.Value=VALUE"} {
		r, err := d.Resource("App", id)
		if err != nil {
			t.Fatal(err)
		}
		_, err = r.Attribute("Parameter.Value")
		contains(t, err, want)
	}
}

func TestValues_can_be_given(t *testing.T) {
	d := deploy(t, map[string]string{
		"secretsmanager:Db:SecretString:password": "hunter2",
		"ssm:/shared":                "common",
		"ssm:/cdk-bootstrap/version": "30",
		"Database.Endpoint.Address":  "127.0.0.1",
	}, Stack{ID: "App", Template: decodeJSON(t, `{
		"Parameters":{"Bootstrap":{"Type":"AWS::SSM::Parameter::Value<String>","Default":"/cdk-bootstrap/version"}},
		"Resources":{"Database":{"Type":"AWS::RDS::DBInstance"},"R":{"Type":"T","Properties":{
			"Host":{"Fn::GetAtt":["Database","Endpoint.Address"]},
			"Secret":"p={{resolve:secretsmanager:Db:SecretString:password}}","Shared":"{{resolve:ssm:/shared}}","Bootstrap":{"Ref":"Bootstrap"}}}}}`)})
	r, err := d.Resource("App", "R")
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"Secret": "p=hunter2", "Shared": "common", "Bootstrap": "30", "Host": "127.0.0.1"} {
		if got, err := r.Property(name); err != nil || got != want {
			t.Errorf("%s = %v, %v; want %s", name, got, err, want)
		}
	}
}

func TestDynamic_reference_does_not_see_the_parameters_of_other_accounts(t *testing.T) {
	d := deploy(t, nil,
		Stack{ID: "Other", Account: "999999999999", Template: decodeJSON(t, `{"Resources":{"P":{"Type":"AWS::SSM::Parameter","Properties":{"Name":"/p","Value":"x"}}}}`)},
		Stack{ID: "App", Account: "888888888888", Template: decodeJSON(t, `{"Resources":{"R":{"Type":"T","Properties":{"V":"{{resolve:ssm:/p}}"}}}}`)})
	r, err := d.Resource("App", "R")
	if err != nil {
		t.Fatal(err)
	}
	_, err = r.Property("V")
	contains(t, err, `no stack defines the SSM parameter "/p"`)
}
