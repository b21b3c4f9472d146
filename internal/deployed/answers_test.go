package deployed

import (
	"context"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"
	"time"
)

const (
	cannedSecret   = "hunter2-of-a-variable"
	cannedFunction = "arn:aws:lambda:us-east-1:111122223333:function:"
)

// cannedTemplate is a stack in YAML, as SAM's transform leaves it.
const cannedTemplate = `
Transform: AWS::Serverless-2016-10-31
Conditions:
  Never: !Equals [a, b]
Resources:
  Role:
    Type: AWS::IAM::Role
  Api:
    Type: AWS::Lambda::Function
    Properties: {Role: !GetAtt Role.Arn, Runtime: nodejs24.x, Handler: index.handler, Code: {S3Bucket: b, S3Key: k}}
  Hasher:
    Type: AWS::Lambda::Function
    Properties: {Role: !GetAtt Role.Arn, Runtime: nodejs24.x, Handler: index.handler, Code: {S3Bucket: b, S3Key: k}}
  Version:
    Type: AWS::Lambda::Version
    Properties: {FunctionName: !Ref Hasher}
  Url:
    Type: AWS::Lambda::Url
    Properties: {TargetFunctionArn: !Ref Api, AuthType: AWS_IAM}
  Never:
    Type: AWS::Lambda::Url
    Condition: Never
    Properties: {TargetFunctionArn: !Ref Api, AuthType: AWS_IAM}
  Control:
    Type: AWS::CloudFront::OriginAccessControl
  Cache:
    Type: AWS::CloudFront::CachePolicy
  Request:
    Type: AWS::CloudFront::OriginRequestPolicy
  Viewer:
    Type: AWS::CloudFront::Function
  Front:
    Type: AWS::CloudFront::Distribution
    Properties: {DistributionConfig: {Origins: [{Id: a, DomainName: !Select [2, !Split ["/", !GetAtt Url.FunctionUrl]]}]}}
`

// canned are whole answers of AWS, by action.
func canned(address string) map[string]string {
	var rows strings.Builder
	for _, row := range []string{"Role AWS::IAM::Role role", "Api AWS::Lambda::Function api", "Hasher AWS::Lambda::Function hasher", "Version AWS::Lambda::Version " + cannedFunction + "hasher:1", "Url AWS::Lambda::Url " + cannedFunction + "api", "Control AWS::CloudFront::OriginAccessControl E1",
		"Cache AWS::CloudFront::CachePolicy cache", "Request AWS::CloudFront::OriginRequestPolicy request", "Viewer AWS::CloudFront::Function arn:aws:cloudfront::111122223333:function/viewer",
		"Front AWS::CloudFront::Distribution E2"} {
		f := strings.Fields(row)
		fmt.Fprintf(&rows, `<member><LogicalResourceId>%s</LogicalResourceId><ResourceType>%s</ResourceType><PhysicalResourceId>%s</PhysicalResourceId><ResourceStatus>CREATE_COMPLETE</ResourceStatus></member>`, f[0], f[1], f[2])
	}
	function := `{"Runtime": "nodejs24.x", "Handler": "index.handler", "Role": "arn:aws:iam::111122223333:role/role"%s}`
	return map[string]string{
		"cloudformation:DescribeStacks":     `<R><DescribeStacksResult><Stacks><member><StackName>Chat</StackName><StackId>arn:aws:cloudformation:us-east-1:111122223333:stack/Chat/1</StackId><StackStatus>CREATE_COMPLETE</StackStatus></member></Stacks></DescribeStacksResult></R>`,
		"cloudformation:GetTemplate":        `<R><GetTemplateResult><TemplateBody>` + cannedTemplate + `</TemplateBody></GetTemplateResult></R>`,
		"cloudformation:ListStackResources": `<R><ListStackResourcesResult><StackResourceSummaries>` + rows.String() + `</StackResourceSummaries></ListStackResourcesResult></R>`,
		"iam:GetRole":                       `<R><GetRoleResult><Role><AssumeRolePolicyDocument>{"Statement": {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": ["lambda.amazonaws.com", "edgelambda.amazonaws.com"]}}}</AssumeRolePolicyDocument></Role></GetRoleResult></R>`,
		"lambda:GetFunctionConfiguration":   fmt.Sprintf(function, `, "Environment": {"Variables": {"KEY": "`+cannedSecret+`"}}`),
		"lambda:GetFunction":                `{"Configuration": ` + fmt.Sprintf(function, "") + `, "Code": {"Location": "` + address + `/code"}}`,
		"lambda:GetFunctionUrlConfig":       `{"AuthType": "AWS_IAM", "InvokeMode": "BUFFERED", "FunctionUrl": "https://abc.lambda-url.us-east-1.on.aws/", "FunctionArn": "` + cannedFunction + `api"}`,
		"lambda:GetPolicy":                  `{"Policy": "{\"Statement\": {\"Effect\": \"Allow\", \"Action\": \"lambda:*\", \"Principal\": {\"Service\": \"cloudfront.amazonaws.com\"}, \"Resource\": \"*\"}}"}`,
		"cloudfront:GetOriginAccessControl": `<OriginAccessControl><Id>E1</Id><OriginAccessControlConfig><Name>a</Name><SigningProtocol>sigv4</SigningProtocol><SigningBehavior>always</SigningBehavior><OriginAccessControlOriginType>lambda</OriginAccessControlOriginType></OriginAccessControlConfig></OriginAccessControl>`,
		"cloudfront:GetCachePolicy":         `<CachePolicy><Id>cache</Id><CachePolicyConfig><Name>a</Name><MinTTL>0</MinTTL></CachePolicyConfig></CachePolicy>`,
		"cloudfront:GetOriginRequestPolicy": `<OriginRequestPolicy><Id>request</Id><OriginRequestPolicyConfig><Name>a</Name></OriginRequestPolicyConfig></OriginRequestPolicy>`,
		"cloudfront:GetFunction":            `function handler(event) { return event.request }`,
		"GET /code":                         "not a zip archive",
		"cloudfront:GetDistribution": `<Distribution><Id>E2</Id><Status>Deployed</Status><DomainName>d1.cloudfront.net</DomainName><DistributionConfig><Enabled>true</Enabled><Origins><Quantity>1</Quantity><Items><Origin><Id>a</Id><DomainName>abc.lambda-url.us-east-1.on.aws</DomainName><OriginAccessControlId>E1</OriginAccessControlId><CustomOriginConfig><HTTPPort>80</HTTPPort><HTTPSPort>443</HTTPSPort><OriginProtocolPolicy>https-only</OriginProtocolPolicy></CustomOriginConfig></Origin></Items></Origins>` +
			`<DefaultCacheBehavior><TargetOriginId>a</TargetOriginId><AllowedMethods><Quantity>7</Quantity><Items><Method>GET</Method><Method>HEAD</Method><Method>OPTIONS</Method><Method>PUT</Method><Method>POST</Method><Method>PATCH</Method><Method>DELETE</Method></Items></AllowedMethods><ViewerProtocolPolicy>https-only</ViewerProtocolPolicy><CachePolicyId>cache</CachePolicyId><OriginRequestPolicyId>request</OriginRequestPolicyId>` +
			`<FunctionAssociations><Quantity>1</Quantity><Items><FunctionAssociation><FunctionARN>arn:aws:cloudfront::111122223333:function/viewer</FunctionARN><EventType>viewer-request</EventType></FunctionAssociation></Items></FunctionAssociations>` +
			`<LambdaFunctionAssociations><Quantity>1</Quantity><Items><LambdaFunctionAssociation><LambdaFunctionARN>` + cannedFunction + `hasher:1</LambdaFunctionARN><EventType>origin-request</EventType><IncludeBody>true</IncludeBody></LambdaFunctionAssociation></Items></LambdaFunctionAssociations></DefaultCacheBehavior></DistributionConfig></Distribution>`,
	}
}

// cannedCloud answers by canned answers, or what test puts in their place.
func cannedCloud(t *testing.T) map[string]string {
	var answers map[string]string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		answer, ok := answers[actionOf(r, body)]
		if err != nil || !ok {
			t.Errorf("got %s and %v, want another call", actionOf(r, body), err)
		}
		io.WriteString(w, answer)
	}))
	t.Cleanup(server.Close)
	useCloud(t, server.URL)
	answers = canned(server.URL)
	return answers
}

func TestCheck_finds_nothing_of_whole_answers(t *testing.T) {
	cannedCloud(t)
	if found, err := Check(t.Context(), []string{"Chat"}, "us-east-1"); err != nil || len(found) > 0 {
		t.Errorf("got %+v and %v, want nothing", found, err)
	}
}

// A proxy may answer anything. What is missing is said, and variables never are.
func TestCheck_says_what_answers_lack(t *testing.T) {
	answers := cannedCloud(t)
	garbage := []string{"", "{}", "null", "<R/>", "<html>proxy", `{"Policy": "nonsense"}`, `{"Configuration": {"Environment": {"Error": {"ErrorCode": "AccessDenied"}}}}`,
		"<Distribution><Status>Deployed</Status><DomainName>d1.cloudfront.net</DomainName></Distribution>", "<Distribution><DistributionConfig><Enabled>true</Enabled></DistributionConfig></Distribution>"}
	results := map[string][]string{
		"DescribeStacks":     {"", "<Stacks><member/></Stacks>", "<Stacks><member><StackName>Chat</StackName></member></Stacks>"},
		"GetTemplate":        {"", "<TemplateBody>Resources: [</TemplateBody>", "<TemplateBody>{}</TemplateBody>", "<TemplateBody>Resources: {Hasher: 1}</TemplateBody>"},
		"ListStackResources": {"<StackResourceSummaries><member/></StackResourceSummaries>"},
		"GetRole":            {"", "<Role/>", "<Role><AssumeRolePolicyDocument>nonsense</AssumeRolePolicyDocument></Role>", "<Role><AssumeRolePolicyDocument>%7B%zz</AssumeRolePolicyDocument></Role>"},
	}
	for _, action := range slices.Sorted(maps.Keys(answers)) {
		_, name, _ := strings.Cut(action, ":")
		given := slices.Clone(garbage)
		for _, result := range results[name] {
			given = append(given, fmt.Sprintf("<R><%sResult>%s</%[1]sResult></R>", name, result))
		}
		whole := answers[action]
		for _, answer := range given {
			answers[action] = answer
			found, err := Check(t.Context(), []string{"Chat"}, "us-east-1")
			said := fmt.Sprintf("%+v %v", found, err)
			if strings.Contains(said, cannedSecret) || err != nil && strings.Contains(err.Error(), "\n") || len(found) == 0 && err == nil && action != "GET /code" && action != "cloudformation:ListStackResources" {
				t.Errorf("got %s for %q of %s, want what is wrong, without variables", said, answer, action)
			}
		}
		answers[action] = whole
	}
}

func TestCheck_reports_no_success_when_it_is_interrupted(t *testing.T) {
	answers := cannedCloud(t)
	ctx, interrupt := context.WithCancel(t.Context())
	code := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		interrupt()
		<-r.Context().Done()
	}))
	defer code.Close()
	answers["lambda:GetFunction"] = strings.Replace(answers["lambda:GetFunction"], os.Getenv("AWS_ENDPOINT_URL"), code.URL, 1)
	if _, err := Check(ctx, []string{"Chat"}, "us-east-1"); err == nil || err.Error() != "interrupted" {
		t.Errorf("got %v, want that it was interrupted", err)
	}
}

func TestCheck_ends_when_AWS_is_silent(t *testing.T) {
	attempts, patience = 1, 100*time.Millisecond
	defer func() { attempts, patience = 5, 15*time.Second }()
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body) // or the server doesn't see the end of the connection
		<-r.Context().Done()
	}))
	defer server.Close()
	useCloud(t, server.URL)
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	if _, err := Check(ctx, []string{"Chat"}, "us-east-1"); err == nil || !strings.Contains(err.Error(), "AWS can't be reached for cloudformation:DescribeStacks") || ctx.Err() != nil {
		t.Errorf("got %v, want that AWS can't be reached", err)
	}
}
