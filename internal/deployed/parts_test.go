package deployed

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
)

// edit changes the resources of the demo's template.
func (a *app) edit(change func(resources map[string]any)) {
	a.t.Helper()
	var template map[string]any
	a.must(json.Unmarshal([]byte(a.templates["Cloudfurl"]), &template))
	change(template["Resources"].(map[string]any))
	text, err := json.Marshal(template)
	a.must(err)
	a.templates["Cloudfurl"] = string(text)
}

func TestCheck_reads_a_stack_once_by_its_name_and_its_ARN(t *testing.T) {
	a := deploy(t)
	described, err := a.cloudFormation("us-east-1").DescribeStacks(t.Context(), &cloudformation.DescribeStacksInput{StackName: aws.String("CloudfurlEdge")})
	a.must(err)
	found, err := Check(t.Context(), []string{"Cloudfurl@ap-northeast-1", *described.Stacks[0].StackId, "CloudfurlEdge"}, "us-east-1")
	if err != nil || len(found) > 0 {
		t.Errorf("got %+v and %v, want nothing", found, err)
	}
}

func TestCheck_reads_the_policy_of_an_alias(t *testing.T) {
	a := deploy(t)
	client := a.lambda("ap-northeast-1")
	_, err := client.CreateAlias(t.Context(), &lambda.CreateAliasInput{FunctionName: aws.String(a.names[handler]), FunctionVersion: aws.String("$LATEST"), Name: aws.String("live")})
	a.must(err)
	alias := a.names[handlerURL] + ":live"
	for i, row := range a.resources["Cloudfurl"] {
		if row[0] == handlerURL {
			a.resources["Cloudfurl"][i][2] = alias
		}
	}
	a.created("Cloudfurl", "Alias", "AWS::Lambda::Alias", alias)
	a.edit(func(resources map[string]any) {
		resources[handlerURL].(map[string]any)["Properties"].(map[string]any)["Qualifier"] = "live"
		resources["Alias"] = map[string]any{"Type": "AWS::Lambda::Alias", "Properties": map[string]any{"FunctionName": map[string]any{"Ref": handler}, "FunctionVersion": "1", "Name": "live"}}
	})
	if found, err := Check(t.Context(), []string{"Cloudfurl"}, ""); err != nil || len(found) > 0 {
		t.Errorf("got %+v and %v, want nothing", found, err)
	}
	a.revoke(invokeHandler, handler)
	if found, err := Check(t.Context(), []string{"Cloudfurl"}, ""); err != nil || len(found) != 1 || found[0].Rule != "permission" {
		t.Errorf("got %+v and %v, want the missing permission", found, err)
	}
}

// moto has no cache policies, so this answer is AWS's by its documentation.
//
// See: https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_GetCachePolicy.html
func TestCheck_reads_cache_policies(t *testing.T) {
	const answer = `<?xml version="1.0"?>
<CachePolicy xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><Id>cache</Id><LastModifiedTime>2026-12-01T00:00:00Z</LastModifiedTime><CachePolicyConfig>
<Name>pages</Name><MinTTL>0</MinTTL><DefaultTTL>60</DefaultTTL><MaxTTL>60</MaxTTL><ParametersInCacheKeyAndForwardedToOrigin>
<EnableAcceptEncodingGzip>false</EnableAcceptEncodingGzip><EnableAcceptEncodingBrotli>false</EnableAcceptEncodingBrotli>
<HeadersConfig><HeaderBehavior>none</HeaderBehavior></HeadersConfig>
<CookiesConfig><CookieBehavior>none</CookieBehavior></CookiesConfig>
<QueryStringsConfig><QueryStringBehavior>whitelist</QueryStringBehavior><QueryStrings><Quantity>1</Quantity><Items><Name>page</Name></Items></QueryStrings></QueryStringsConfig>
</ParametersInCacheKeyAndForwardedToOrigin></CachePolicyConfig></CachePolicy>`
	a := deploy(t)
	a.answers = map[string]string{"cloudfront:GetCachePolicy": answer}
	a.created("Cloudfurl", "Cache", "AWS::CloudFront::CachePolicy", "cache")
	a.edit(func(resources map[string]any) {
		resources["Cache"] = map[string]any{"Type": "AWS::CloudFront::CachePolicy"}
	})
	behavior, _ := a.front.api()
	behavior.CachePolicyId = aws.String("cache")
	a.update()
	found, err := Check(t.Context(), []string{"Cloudfurl"}, "")
	if err != nil || len(found) != 1 || found[0].Rule != "cache-key" || !strings.Contains(found[0].Cause, "the cache policy pages caches without") {
		t.Errorf("got %+v and %v, want that cookies and others aren't in the key", found, err)
	}
}
