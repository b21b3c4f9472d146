package infra

import (
	"os"
	"path/filepath"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudfront"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslogs"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3assets"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3deployment"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/cloudfurl/cloudfurl/infra/internal/code"
	"github.com/cloudfurl/cloudfurl/infra/internal/construct"
	"github.com/cloudfurl/cloudfurl/infra/internal/synthesis"
)

// The Cache-Control of files whose names change with their content, and of all
// others.
const (
	immutable   = "public, max-age=31536000, immutable"
	revalidated = "public, max-age=0, must-revalidate"
)

// A filesDeployment copies a directory to a bucket, first the immutable files and
// then those that refer to them.
type filesDeployment struct {
	files      *StaticFiles
	deployment awss3deployment.BucketDeployment
	bound      bool
}

func deployFiles(f *StaticFiles, site *code.Site, immutablePatterns []string) *filesDeployment {
	source, remove := siteSource(f, site)
	defer remove()
	// BucketDeployment marks its bucket with a tag, and doesn't empty a bucket
	// that has the tag. An imported bucket can't be tagged.
	// Seen: its handler in aws-cdk-lib 2.270.0.
	bucket := awss3.Bucket_FromBucketName(f, jsii.String("Destination"), f.Bucket.BucketName())
	props := awss3deployment.BucketDeploymentProps{
		Sources:           &[]awss3deployment.ISource{source},
		DestinationBucket: bucket,
		LogGroup:          deploymentLogs(f),
		OutputObjectKeys:  jsii.Bool(false),
	}
	others := props
	others.CacheControl = &[]awss3deployment.CacheControl{awss3deployment.CacheControl_FromString(jsii.String(revalidated))}
	others.RetainOnDelete = jsii.Bool(false)
	if len(immutablePatterns) == 0 {
		return newFilesDeployment(f, awss3deployment.NewBucketDeployment(f, jsii.String("Deployment"), &others))
	}
	others.Exclude = filters(immutablePatterns)
	last := newFilesDeployment(f, awss3deployment.NewBucketDeployment(f, jsii.String("Deployment"), &others))

	// Pages that browsers still show may load immutable files of an earlier
	// deployment.
	props.Prune = jsii.Bool(false)
	props.CacheControl = &[]awss3deployment.CacheControl{awss3deployment.CacheControl_FromString(jsii.String(immutable))}
	props.Exclude = jsii.Strings("*")
	props.Include = filters(immutablePatterns)
	first := newFilesDeployment(f, awss3deployment.NewBucketDeployment(f, jsii.String("ImmutableDeployment"), &props))
	// A dependency of the constructs would be a circle: both use one function,
	// whose layer is below one of them.
	last.resource().AddResourceDependency(first.resource(), jsii.String("pages refer to immutable files"))
	return last
}

// siteSource returns a copy of a site's files as an asset, and what removes it once
// CDK has staged the asset. CDK would copy the whole directory, and all that links in
// it find.
func siteSource(f *StaticFiles, site *code.Site) (source awss3deployment.ISource, remove func()) {
	// It is beside the assets, where it stays for --no-staging.
	dir := filepath.Join(*awscdk.Stage_Of(f).AssetOutdir(), "files."+*f.Node().Addr())
	hash, err := "", os.RemoveAll(dir)
	if err == nil {
		hash, err = site.Copy(dir)
	}
	if err != nil {
		construct.Fail(f, nil, "couldn't copy Directory %q: %v", site.Dir, err)
	}
	source = awss3deployment.Source_Asset(jsii.String(dir), &awss3assets.AssetOptions{
		AssetHash:     jsii.String(hash),
		AssetHashType: awscdk.AssetHashType_CUSTOM,
	})
	if f.Node().TryGetContext(jsii.String("aws:cdk:disable-asset-staging")) != nil {
		return source, func() {}
	}
	return source, func() { os.RemoveAll(dir) }
}

// filters returns patterns in the words of the AWS CLI, where brackets would
// stand for one of several characters.
//
// See: https://docs.aws.amazon.com/cli/latest/reference/s3/#use-of-exclude-and-include-filters
func filters(patterns []string) *[]*string {
	var escaped []*string
	for _, pattern := range patterns {
		escaped = append(escaped, jsii.String(strings.ReplaceAll(pattern, "[", "[[]")))
	}
	return &escaped
}

func newFilesDeployment(f *StaticFiles, deployment awss3deployment.BucketDeployment) *filesDeployment {
	d := &filesDeployment{files: f, deployment: deployment}
	d.suppress()
	return d
}

// invalidate makes deployments invalidate a distribution, the first that uses the
// files. CDK would permit them to invalidate every distribution.
func (d *filesDeployment) invalidate(distributionID, distributionArn *string) {
	if d.bound {
		return
	}
	d.bound = true
	paths := d.files.patterns
	if len(paths) == 0 {
		paths = []string{"/*"}
	}
	resource := d.resource()
	resource.AddPropertyOverride(jsii.String("DistributionId"), distributionID)
	resource.AddPropertyOverride(jsii.String("DistributionPaths"), paths)
	d.deployment.HandlerRole().AddToPrincipalPolicy(construct.Allow(distributionArn, "cloudfront:CreateInvalidation", "cloudfront:GetInvalidation"))
}

func (d *filesDeployment) resource() awscdk.CfnResource {
	for _, child := range *d.deployment.Node().FindAll(constructs.ConstructOrder_PREORDER) {
		if resource, ok := child.(awscdk.CfnResource); ok && *resource.CfnResourceType() == "Custom::CDKBucketDeployment" {
			return resource
		}
	}
	construct.Fail(d.files, nil, "BucketDeployment has no resource of type Custom::CDKBucketDeployment: use the version of awscdk in cloudfurl's go.mod")
	return nil
}

// deploymentLogs returns the log group of the function that copies the files,
// which all deployments of a stack share.
func deploymentLogs(scope constructs.Construct) awslogs.ILogGroup {
	const id = "StaticFilesLogGroup"
	stack := awscdk.Stack_Of(scope)
	if group, ok := stack.Node().TryFindChild(jsii.String(id)).(awslogs.ILogGroup); ok {
		return group
	}
	return awslogs.NewLogGroup(stack, jsii.String(id), &awslogs.LogGroupProps{
		Retention:     awslogs.RetentionDays_ONE_MONTH,
		RemovalPolicy: awscdk.RemovalPolicy_DESTROY,
	})
}

// suppress explains to cdk-nag what the CDK defines for the function that copies
// the files.
func (d *filesDeployment) suppress() {
	role := d.deployment.HandlerRole()
	construct.Suppress(role, "AwsSolutions-IAM4", "The CDK's BucketDeployment writes its logs with AWS's managed policy.")
	construct.Suppress(role.Node().FindChild(jsii.String("DefaultPolicy")), "AwsSolutions-IAM5",
		"The CDK's BucketDeployment reads the assets of the bootstrap bucket, and writes and deletes the objects of the site's bucket.")
	construct.Suppress(role.Node().Scope(), "AwsSolutions-L1", "The CDK chooses the runtime of BucketDeployment.")
}

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
