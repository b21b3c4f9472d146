package infra

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudfront"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/cloudfurl/cloudfurl/infra/internal/construct"
	"github.com/cloudfurl/cloudfurl/infra/internal/synthesis"
)

// A bucketOrigin is the bucket of StaticFiles as a CloudFront origin. CDK's own
// S3BucketOrigin is in awscloudfrontorigins, whose dependencies would take a
// quarter of the time that every app takes to compile.
type bucketOrigin struct {
	files      *StaticFiles
	deployment *filesDeployment
}

// Bind permits the distribution in scope to read the bucket, and makes
// deployments invalidate it. CDK calls it in the middle of one of its own calls,
// so it reports problems at synthesis.
func (o *bucketOrigin) Bind(scope constructs.Construct, options *awscloudfront.OriginBindOptions) *awscloudfront.OriginBindConfig {
	if *awscdk.Stack_Of(o.files).Node().Addr() != *awscdk.Stack_Of(scope).Node().Addr() {
		synthesis.Report(scope, "the files of "+*o.files.Node().Path()+" are in another stack than the distribution: "+
			"the bucket's policy and the distribution would depend on each other, define StaticFiles in the distribution's stack")
		return o.config(options, jsii.String("invalid.example"), nil)
	}
	distribution := construct.DistributionArn(scope, options.DistributionId)
	o.permit("s3:GetObject", o.files.Bucket.ArnForObjects(jsii.String("*")), distribution)
	// Without it, a missing file is a 403. The bucket could also be listed, at
	// the path "/", which the edge functions rewrite.
	// See: https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
	o.permit("s3:ListBucket", o.files.Bucket.BucketArn(), distribution)
	o.deployment.invalidate(options.DistributionId, distribution)
	return o.config(options, o.files.Bucket.BucketRegionalDomainName(), o.files.OriginAccessControl.OriginAccessControlId())
}

// permit allows CloudFront an action for one distribution.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-s3.html
func (o *bucketOrigin) permit(action string, resource, distribution *string) {
	o.files.Bucket.AddToResourcePolicy(awsiam.NewPolicyStatement(&awsiam.PolicyStatementProps{
		Actions:    jsii.Strings(action),
		Resources:  &[]*string{resource},
		Principals: &[]awsiam.IPrincipal{awsiam.NewServicePrincipal(jsii.String("cloudfront.amazonaws.com"), nil)},
		Conditions: &map[string]any{"StringEquals": map[string]any{"AWS:SourceArn": distribution}},
	}))
}

func (o *bucketOrigin) config(options *awscloudfront.OriginBindOptions, domainName, accessControlID *string) *awscloudfront.OriginBindConfig {
	return &awscloudfront.OriginBindConfig{
		OriginProperty: &awscloudfront.CfnDistribution_OriginProperty{
			Id:                    options.OriginId,
			DomainName:            domainName,
			OriginAccessControlId: accessControlID,
			// Empty for origin access control, but required.
			// See: https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_S3OriginConfig.html
			S3OriginConfig: &awscloudfront.CfnDistribution_S3OriginConfigProperty{OriginAccessIdentity: jsii.String("")},
		},
	}
}
