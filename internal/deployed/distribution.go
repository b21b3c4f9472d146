package deployed

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudfront"
	"github.com/aws/aws-sdk-go-v2/service/cloudfront/types"
)

func (r *reader) cloudFront() *cloudfront.Client { return cloudfront.NewFromConfig(r.aws) }

// readDistribution puts the configuration of a distribution, and what it names, into the
// template.
//
// See: https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_GetDistribution.html
func (r *reader) readDistribution(live *resource) {
	answer, err := r.cloudFront().GetDistribution(r.ctx, &cloudfront.GetDistributionInput{Id: &live.physical})
	config, ok := read[map[string]any](r, live, "cloudfront:GetDistribution", answer, err, "Distribution", "DistributionConfig")
	if !ok {
		return
	}
	live.identify("DomainName", aws.ToString(answer.Distribution.DomainName))
	if aws.ToString(answer.Distribution.Status) == "InProgress" {
		r.found("stack-status", live.path(), "", "is being deployed, so some edge locations may respond as before", "its status is InProgress", "wait some minutes")
	}
	if groups, ok := config["OriginGroups"]; ok {
		config["OriginGroups"] = map[string]any{"Items": groups}
	}
	for i, origin := range objects(config["Origins"]) {
		r.readOrigin(live, fmt.Sprintf("DistributionConfig.Origins[%d]", i), origin)
	}
	behavior, _ := config["DefaultCacheBehavior"].(map[string]any)
	r.readBehavior(live, "DistributionConfig.DefaultCacheBehavior", behavior)
	for i, behavior := range objects(config["CacheBehaviors"]) {
		r.readBehavior(live, fmt.Sprintf("DistributionConfig.CacheBehaviors[%d]", i), behavior)
	}
	live.set(map[string]any{"DistributionConfig": config})
}

// readOrigin reads the origin access control of an origin. A function URL of a stack that
// isn't read isn't checked.
func (r *reader) readOrigin(live *resource, property string, origin map[string]any) {
	domain, _ := origin["DomainName"].(string)
	known := slices.ContainsFunc(r.resources, func(other *resource) bool {
		return strings.Contains(other.stack.Identities[other.id]["FunctionUrl"], "//"+domain+"/")
	})
	if parts := strings.Split(domain, "."); !known && len(parts) > 2 && parts[1] == "lambda-url" {
		r.found("unchecked", live.path(), property, "this origin isn't checked", "no stack that was read has the function URL "+domain,
			"add --stack NAME@"+parts[2]+", the stack that has its function; if no stack has it, requests to this origin fail")
		delete(origin, "OriginAccessControlId")
	}
	if id, control := r.part("OriginAccessControl", origin["OriginAccessControlId"]); control != nil {
		answer, err := r.cloudFront().GetOriginAccessControl(r.ctx, &cloudfront.GetOriginAccessControlInput{Id: &id})
		r.put(control, "OriginAccessControl", answer, err)
	}
}

// readBehavior reads the policies and the functions of a behavior.
func (r *reader) readBehavior(live *resource, property string, behavior map[string]any) {
	if id, policy := r.part("CachePolicy", behavior["CachePolicyId"]); policy != nil {
		answer, err := r.cloudFront().GetCachePolicy(r.ctx, &cloudfront.GetCachePolicyInput{Id: &id})
		r.put(policy, "CachePolicy", answer, err)
	}
	if id, policy := r.part("OriginRequestPolicy", behavior["OriginRequestPolicyId"]); policy != nil {
		answer, err := r.cloudFront().GetOriginRequestPolicy(r.ctx, &cloudfront.GetOriginRequestPolicyInput{Id: &id})
		r.put(policy, "OriginRequestPolicy", answer, err)
	}
	for _, association := range objects(behavior["FunctionAssociations"]) {
		if _, function := r.part("Function", association["FunctionARN"]); function != nil {
			r.readViewerFunction(function)
		}
	}
	for i, association := range objects(behavior["LambdaFunctionAssociations"]) {
		arn, _ := association["LambdaFunctionARN"].(string)
		r.readVersion(arn, live, fmt.Sprintf("%s.LambdaFunctionAssociations[%d].LambdaFunctionARN", property, i))
	}
}

// part returns what a distribution names, if a stack has it and it hasn't been read.
// Others, such as AWS's own policies, need no reading or are reported by the rules.
func (r *reader) part(kind string, name any) (string, *resource) {
	physical, _ := name.(string)
	known := r.known[physical]
	r.known[physical] = true
	if known {
		return physical, nil
	}
	return physical, r.named("AWS::CloudFront::"+kind, physical, "")
}

// put puts the configuration of a part into the template.
func (r *reader) put(live *resource, kind string, answer any, err error) {
	if config, ok := read[map[string]any](r, live, "cloudfront:Get"+kind, answer, err, kind, kind+"Config"); ok {
		live.set(map[string]any{kind + "Config": config})
	}
}

// readViewerFunction puts the code of a CloudFront Function, as viewers get it, into the
// template.
//
// See: https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_GetFunction.html
func (r *reader) readViewerFunction(live *resource) {
	name, properties := path.Base(live.physical), live.properties()
	answer, err := r.cloudFront().GetFunction(r.ctx, &cloudfront.GetFunctionInput{Name: &name, Stage: types.FunctionStageLive})
	if _, ok := read[string](r, live, "cloudfront:GetFunction", answer, err, "FunctionCode"); ok {
		properties["FunctionCode"] = string(answer.FunctionCode)
		live.set(properties)
	}
}
