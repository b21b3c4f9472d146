package deployed

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/cloudfront"
	"github.com/aws/aws-sdk-go-v2/service/cloudfront/types"

	"github.com/cloudfurl/cloudfurl/internal/local/build"
)

func (r *reader) cloudFront() *cloudfront.Client { return cloudfront.NewFromConfig(r.aws) }

// readDistribution puts the configuration of a distribution, and what it names, into the
// template.
//
// See: https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_GetDistribution.html
func (r *reader) readDistribution(live *resource) {
	output, err := r.cloudFront().GetDistribution(r.ctx, &cloudfront.GetDistributionInput{Id: &live.physical})
	if r.missing(err, live, "cloudfront:GetDistribution") {
		return
	}
	live.identify("DomainName", *output.Distribution.DomainName)
	if *output.Distribution.Status == "InProgress" {
		r.found(build.Finding{Rule: "stack-status", Path: live.path(), Happens: "is being deployed, so some edge locations may still respond as before",
			Cause: "its status is InProgress", Hint: "wait some minutes"})
	}
	config := shape(output.Distribution.DistributionConfig)
	for _, name := range []string{"CallerReference", "IsIPV6Enabled", "CacheTagConfig"} {
		rename(config, name, "")
	}
	if groups, ok := config["OriginGroups"]; ok {
		config["OriginGroups"] = map[string]any{"Items": groups}
	}
	for i, origin := range objects(config["Origins"]) {
		r.readOrigin(live, fmt.Sprintf("DistributionConfig.Origins[%d]", i), origin)
	}
	for _, behavior := range objects([]any{config["DefaultCacheBehavior"]}) {
		r.readBehavior(live, "DistributionConfig.DefaultCacheBehavior", behavior)
	}
	for i, behavior := range objects(config["CacheBehaviors"]) {
		r.readBehavior(live, fmt.Sprintf("DistributionConfig.CacheBehaviors[%d]", i), behavior)
	}
	live.set(map[string]any{"DistributionConfig": config})
}

// readOrigin reads the origin access control of an origin. A function URL of a stack that
// isn't read isn't checked.
func (r *reader) readOrigin(live *resource, property string, origin map[string]any) {
	rename(origin, "CustomHeaders", "OriginCustomHeaders")
	if custom, ok := origin["CustomOriginConfig"].(map[string]any); ok {
		rename(custom, "OriginSslProtocols", "OriginSSLProtocols")
	}
	domain, _ := origin["DomainName"].(string)
	known := slices.ContainsFunc(r.resources, func(other *resource) bool {
		return other.kind == typeURL && strings.Contains(other.stack.Identities[other.id]["FunctionUrl"], "//"+domain+"/")
	})
	if _, region, ok := strings.Cut(domain, ".lambda-url."); ok && !known {
		region, _, _ = strings.Cut(region, ".")
		r.found(build.Finding{Rule: "unchecked", Path: live.path(), Property: property, Happens: "this origin isn't checked",
			Cause: "no stack that was read has the function URL " + domain, Hint: "add --stack NAME@" + region + " with the stack of its function; if there is none, its requests get 403"})
		rename(origin, "OriginAccessControlId", "")
	}
	if id, ok := origin["OriginAccessControlId"].(string); ok {
		control := r.at("AWS::CloudFront::OriginAccessControl", id, live.stack.Region)
		output, err := r.cloudFront().GetOriginAccessControl(r.ctx, &cloudfront.GetOriginAccessControlInput{Id: &id})
		if !r.missing(err, control, "cloudfront:GetOriginAccessControl") {
			control.set(map[string]any{"OriginAccessControlConfig": shape(output.OriginAccessControl.OriginAccessControlConfig)})
		}
	}
}

// readBehavior reads the policies and the functions of a behavior.
func (r *reader) readBehavior(live *resource, property string, behavior map[string]any) {
	rename(behavior, "ResponseHeadersPolicyId", "")
	if methods, ok := behavior["AllowedMethods"].(map[string]any); ok {
		behavior["AllowedMethods"] = methods["Items"]
	}
	if id, ok := behavior["CachePolicyId"].(string); ok && !isManaged(id) {
		policy := r.at("AWS::CloudFront::CachePolicy", id, live.stack.Region)
		output, err := r.cloudFront().GetCachePolicy(r.ctx, &cloudfront.GetCachePolicyInput{Id: &id})
		if !r.missing(err, policy, "cloudfront:GetCachePolicy") {
			policy.set(map[string]any{"CachePolicyConfig": shape(output.CachePolicy.CachePolicyConfig)})
		}
	}
	if id, ok := behavior["OriginRequestPolicyId"].(string); ok && !isManaged(id) {
		policy := r.at("AWS::CloudFront::OriginRequestPolicy", id, live.stack.Region)
		output, err := r.cloudFront().GetOriginRequestPolicy(r.ctx, &cloudfront.GetOriginRequestPolicyInput{Id: &id})
		if !r.missing(err, policy, "cloudfront:GetOriginRequestPolicy") {
			policy.set(map[string]any{"OriginRequestPolicyConfig": shape(output.OriginRequestPolicy.OriginRequestPolicyConfig)})
		}
	}
	for _, association := range objects(behavior["FunctionAssociations"]) {
		if arn, ok := association["FunctionARN"].(string); ok {
			r.readViewerFunction(r.at("AWS::CloudFront::Function", arn, live.stack.Region))
		}
	}
	for i, association := range objects(behavior["LambdaFunctionAssociations"]) {
		if arn, ok := association["LambdaFunctionARN"].(string); ok {
			r.readVersion(arn)
			r.edges = append(r.edges, run{live.path(), fmt.Sprintf("%s.LambdaFunctionAssociations[%d].LambdaFunctionARN", property, i), arn})
		}
	}
}

// readViewerFunction puts the code of a CloudFront Function, as viewers get it, into the
// template.
//
// See: https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_GetFunction.html
func (r *reader) readViewerFunction(live *resource) {
	if r.known[live.physical] {
		return
	}
	r.known[live.physical] = true
	name := path.Base(live.physical)
	described, err := r.cloudFront().DescribeFunction(r.ctx, &cloudfront.DescribeFunctionInput{Name: &name, Stage: types.FunctionStageLive})
	if r.missing(err, live, "cloudfront:DescribeFunction") {
		return
	}
	output, err := r.cloudFront().GetFunction(r.ctx, &cloudfront.GetFunctionInput{Name: &name, Stage: types.FunctionStageLive})
	if r.missing(err, live, "cloudfront:GetFunction") {
		return
	}
	properties := live.properties()
	config, ok := properties["FunctionConfig"].(map[string]any)
	if !ok {
		config = map[string]any{}
	}
	config["Runtime"] = string(described.FunctionSummary.FunctionConfig.Runtime)
	properties["Name"], properties["FunctionCode"], properties["FunctionConfig"] = name, string(output.FunctionCode), config
	live.set(properties)
}
