package template

import "testing"

// BenchmarkResolve deploys the two stacks of a streaming endpoint and resolves
// what serving it needs: the distribution, the URL, its function and the edge
// version that another region holds.
func BenchmarkResolve(b *testing.B) {
	edge := decodeJSON(b, `{"Resources":{
		"Hasher":{"Type":"AWS::Lambda::Function","Properties":{"Runtime":"nodejs22.x","Handler":"index.handler","Role":{"Fn::GetAtt":["Role","Arn"]}}},
		"Role":{"Type":"AWS::IAM::Role"},
		"HasherVersion":{"Type":"AWS::Lambda::Version","Properties":{"FunctionName":{"Ref":"Hasher"}}}},
		"Outputs":{"VersionArn":{"Value":{"Ref":"HasherVersion"}}}}`)
	app := decodeJSON(b, `{"Resources":{
		"Handler":{"Type":"AWS::Lambda::Function","Properties":{"Runtime":"provided.al2023","Code":{"S3Bucket":{"Fn::Sub":"cdk-assets-${AWS::AccountId}-${AWS::Region}"},"S3Key":"abc.zip"}}},
		"Url":{"Type":"AWS::Lambda::Url","Properties":{"AuthType":"AWS_IAM","TargetFunctionArn":{"Fn::GetAtt":["Handler","Arn"]}}},
		"Host":{"Type":"AWS::CloudFront::Function","Properties":{"Name":"host","AutoPublish":true}},
		"Access":{"Type":"AWS::CloudFront::OriginAccessControl"},
		"Permission":{"Type":"AWS::Lambda::Permission","Properties":{"FunctionName":{"Fn::GetAtt":["Url","FunctionArn"]},
			"SourceArn":{"Fn::Join":["",["arn:",{"Ref":"AWS::Partition"},":cloudfront::",{"Ref":"AWS::AccountId"},":distribution/",{"Ref":"Distribution"}]]}}},
		"Distribution":{"Type":"AWS::CloudFront::Distribution","Properties":{"DistributionConfig":{
			"DefaultCacheBehavior":{
				"AllowedMethods":["GET","HEAD","OPTIONS","PUT","PATCH","POST","DELETE"],
				"FunctionAssociations":[{"EventType":"viewer-request","FunctionARN":{"Fn::GetAtt":["Host","FunctionARN"]}}],
				"LambdaFunctionAssociations":[{"EventType":"origin-request","IncludeBody":true,"LambdaFunctionARN":
					{"Fn::GetStackOutput":{"StackName":"Edge","Region":"us-east-1","OutputName":"VersionArn"}}}]},
			"Origins":[{"Id":"o","OriginAccessControlId":{"Fn::GetAtt":["Access","Id"]},
				"DomainName":{"Fn::Select":[2,{"Fn::Split":["/",{"Fn::GetAtt":["Url","FunctionUrl"]}]}]}}]}}}}}`)
	stacks := []Stack{{ID: "Edge", Region: "us-east-1", Template: edge}, {ID: "App", Region: "eu-west-1", Template: app}}
	b.ReportAllocs()
	for b.Loop() {
		d, err := newDeployment(nil, stacks...)
		if err != nil {
			b.Fatal(err)
		}
		for _, resourceType := range []string{"AWS::CloudFront::Distribution", "AWS::Lambda::Url", "AWS::Lambda::Function", "AWS::Lambda::Permission"} {
			found, err := d.ResourcesOfType(resourceType)
			if err != nil {
				b.Fatal(err)
			}
			for _, r := range found {
				if _, err := allProperties(r); err != nil {
					b.Fatal(err)
				}
			}
		}
	}
}
