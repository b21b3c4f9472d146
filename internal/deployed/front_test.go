package deployed

import (
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudfront"
	"github.com/aws/aws-sdk-go-v2/service/cloudfront/types"
)

// A front is the distribution of the demo. Changes of config are deployed by update.
type front struct{ config *types.DistributionConfig }

// createFront creates what the demo has of CloudFront.
func (a *app) createFront() {
	a.t.Helper()
	client, ctx := cloudfront.NewFromConfig(a.aws), a.t.Context()
	for id, kind := range map[string]types.OriginAccessControlOriginTypes{
		"EndpointStaticFilesOriginAccessControl48596439": "s3", "EndpointOriginOriginAccessControlFD6A7F40": "lambda", "EndpointAgentOriginOriginAccessControl6BFA7EFA": "lambda"} {
		output, err := client.CreateOriginAccessControl(ctx, &cloudfront.CreateOriginAccessControlInput{OriginAccessControlConfig: &types.OriginAccessControlConfig{
			Name: &id, OriginAccessControlOriginType: kind, SigningBehavior: "always", SigningProtocol: "sigv4"}})
		a.must(err)
		a.created("Cloudfurl", id, "AWS::CloudFront::OriginAccessControl", *output.OriginAccessControl.Id)
	}
	for _, id := range []string{"EndpointOriginalHostFunctionA8DC4CAA", "EndpointStaticFilesFunction45791BA9"} {
		properties := a.template[id]["Properties"].(map[string]any)
		output, err := client.CreateFunction(ctx, &cloudfront.CreateFunctionInput{Name: &id, FunctionCode: []byte(properties["FunctionCode"].(string)),
			FunctionConfig: &types.FunctionConfig{Comment: aws.String(""), Runtime: "cloudfront-js-2.0"}})
		a.must(err)
		a.created("Cloudfurl", id, "AWS::CloudFront::Function", *output.FunctionSummary.FunctionMetadata.FunctionARN)
	}
	a.front.config = a.distributionConfig()
	output, err := client.CreateDistribution(ctx, &cloudfront.CreateDistributionInput{DistributionConfig: a.front.config})
	a.must(err)
	a.created("Cloudfurl", distribution, typeDistribution, *output.Distribution.Id)
}

// distributionConfig returns the configuration that CloudFormation would make of the
// demo's.
func (a *app) distributionConfig() *types.DistributionConfig {
	all := []types.Method{"GET", "HEAD", "OPTIONS", "PUT", "PATCH", "POST", "DELETE"}
	viewer := func(id string) *types.FunctionAssociations {
		return &types.FunctionAssociations{Quantity: aws.Int32(1), Items: []types.FunctionAssociation{{EventType: "viewer-request", FunctionARN: aws.String(a.names[id])}}}
	}
	behavior := func(path, origin string) types.CacheBehavior {
		return types.CacheBehavior{
			PathPattern: &path, TargetOriginId: &origin, ViewerProtocolPolicy: "redirect-to-https", Compress: aws.Bool(false), SmoothStreaming: aws.Bool(false),
			FieldLevelEncryptionId: aws.String(""), TrustedSigners: &types.TrustedSigners{Enabled: aws.Bool(false), Quantity: aws.Int32(0)},
			TrustedKeyGroups: &types.TrustedKeyGroups{Enabled: aws.Bool(false), Quantity: aws.Int32(0)}, GrpcConfig: &types.GrpcConfig{Enabled: aws.Bool(false)},
			AllowedMethods: &types.AllowedMethods{Quantity: aws.Int32(7), Items: all, CachedMethods: &types.CachedMethods{Quantity: aws.Int32(2), Items: all[:2]}},
			CachePolicyId:  aws.String("4135ea2d-6df8-44a3-9df3-4b5a84be39ad"), OriginRequestPolicyId: aws.String("b689b0a8-53d0-40ab-baf2-68738e2966ac"),
			ResponseHeadersPolicyId: aws.String("67f7725c-6f97-4210-82d7-5512b31e9d03"), FunctionAssociations: viewer("EndpointOriginalHostFunctionA8DC4CAA"),
			LambdaFunctionAssociations: &types.LambdaFunctionAssociations{Quantity: aws.Int32(1), Items: []types.LambdaFunctionAssociation{
				{EventType: "origin-request", IncludeBody: aws.Bool(true), LambdaFunctionARN: &a.version}}},
		}
	}
	custom := func(id, url, control string) types.Origin {
		return types.Origin{
			Id: &id, DomainName: aws.String(a.names[url+".domain"]), OriginAccessControlId: aws.String(a.names[control]), OriginPath: aws.String(""),
			ConnectionAttempts: aws.Int32(3), ConnectionTimeout: aws.Int32(10), CustomHeaders: &types.CustomHeaders{Quantity: aws.Int32(0)}, OriginShield: &types.OriginShield{Enabled: aws.Bool(false)},
			CustomOriginConfig: &types.CustomOriginConfig{HTTPPort: aws.Int32(80), HTTPSPort: aws.Int32(443), OriginProtocolPolicy: "https-only", OriginReadTimeout: aws.Int32(60),
				OriginKeepaliveTimeout: aws.Int32(5), OriginSslProtocols: &types.OriginSslProtocols{Quantity: aws.Int32(1), Items: []types.SslProtocol{"TLSv1.2"}}},
		}
	}
	site := types.Origin{Id: aws.String("site"), OriginPath: aws.String(""), CustomHeaders: &types.CustomHeaders{Quantity: aws.Int32(0)},
		DomainName:            aws.String(fmt.Sprintf("%s.s3.ap-northeast-1.amazonaws.com", a.names["EndpointStaticFilesBucket3305B108"])),
		OriginAccessControlId: aws.String(a.names["EndpointStaticFilesOriginAccessControl48596439"]), S3OriginConfig: &types.S3OriginConfig{OriginAccessIdentity: aws.String("")}}
	return &types.DistributionConfig{
		CallerReference: aws.String("demo"), Comment: aws.String("Cloudfurl/Endpoint"), Enabled: aws.Bool(true), HttpVersion: "http2and3", IsIPV6Enabled: aws.Bool(true), PriceClass: "PriceClass_All",
		DefaultRootObject: aws.String(""), WebACLId: aws.String(""), Aliases: &types.Aliases{Quantity: aws.Int32(0)}, CustomErrorResponses: &types.CustomErrorResponses{Quantity: aws.Int32(0)},
		OriginGroups: &types.OriginGroups{Quantity: aws.Int32(0)}, Restrictions: &types.Restrictions{GeoRestriction: &types.GeoRestriction{RestrictionType: "none", Quantity: aws.Int32(0)}},
		ViewerCertificate: &types.ViewerCertificate{CloudFrontDefaultCertificate: aws.Bool(true)},
		Logging:           &types.LoggingConfig{Enabled: aws.Bool(false), IncludeCookies: aws.Bool(false), Bucket: aws.String(""), Prefix: aws.String("")},
		Origins: &types.Origins{Quantity: aws.Int32(3), Items: []types.Origin{site,
			custom("api", handlerURL, "EndpointOriginOriginAccessControlFD6A7F40"), custom("agent", agentURL, "EndpointAgentOriginOriginAccessControl6BFA7EFA")}},
		DefaultCacheBehavior: &types.DefaultCacheBehavior{TargetOriginId: aws.String("site"), ViewerProtocolPolicy: "redirect-to-https", Compress: aws.Bool(true),
			AllowedMethods: &types.AllowedMethods{Quantity: aws.Int32(2), Items: all[:2], CachedMethods: &types.CachedMethods{Quantity: aws.Int32(2), Items: all[:2]}},
			CachePolicyId:  aws.String("658327ea-f89d-4fab-a63d-7e88639e58f6"), FunctionAssociations: viewer("EndpointStaticFilesFunction45791BA9")},
		CacheBehaviors: &types.CacheBehaviors{Quantity: aws.Int32(2), Items: []types.CacheBehavior{behavior("/api/*", "api"), behavior("/agent", "agent")}},
	}
}

// api is the behavior of the handler, and its origin.
func (f *front) api() (*types.CacheBehavior, *types.Origin) {
	return &f.config.CacheBehaviors.Items[0], &f.config.Origins.Items[1]
}

// update deploys the configuration.
func (a *app) update() {
	a.t.Helper()
	_, err := cloudfront.NewFromConfig(a.aws).UpdateDistribution(a.t.Context(), &cloudfront.UpdateDistributionInput{
		Id: aws.String(a.names[distribution]), IfMatch: aws.String("any"), DistributionConfig: a.front.config})
	a.must(err)
}
