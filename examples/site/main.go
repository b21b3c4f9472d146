// Site is a website in a bucket behind a distribution, to which a streaming API
// is added at /api/*.
package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudfront"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudfrontorigins"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3deployment"
	"github.com/aws/jsii-runtime-go"

	"github.com/cloudfurl/cloudfurl/infra"
)

func main() {
	defer jsii.Close()
	defer infra.Explain()

	app := awscdk.NewApp(nil)
	stack := awscdk.NewStack(app, jsii.String("Site"), nil)
	pages := awss3.NewBucket(stack, jsii.String("Pages"), nil)
	distribution := awscloudfront.NewDistribution(stack, jsii.String("Distribution"), &awscloudfront.DistributionProps{
		DefaultRootObject: jsii.String("index.html"),
		DefaultBehavior:   &awscloudfront.BehaviorOptions{Origin: awscloudfrontorigins.S3BucketOrigin_WithOriginAccessControl(pages, nil)},
	})
	awss3deployment.NewBucketDeployment(stack, jsii.String("Deployment"), &awss3deployment.BucketDeploymentProps{
		Sources:           &[]awss3deployment.ISource{awss3deployment.Source_Asset(jsii.String("pages"), nil)},
		DestinationBucket: pages,
	})
	addAPI(stack, distribution)
	awscdk.NewCfnOutput(stack, jsii.String("Url"), &awscdk.CfnOutputProps{
		Value: jsii.String("https://" + *distribution.DistributionDomainName() + "/"),
	})
	app.Synth(nil)
}

// addAPI adds a streaming handler to an existing distribution.
func addAPI(stack awscdk.Stack, distribution awscloudfront.Distribution) {
	handler := infra.NewHandlerFunction(stack, jsii.String("Handler"), &infra.HandlerFunctionProps{
		Handler: infra.GoHandler("./handler"),
	})
	origin := infra.NewStreamingOrigin(stack, jsii.String("Origin"), &infra.StreamingOriginProps{
		Function: handler.Function,
	})
	infra.AddStreamingBehavior(distribution, jsii.String("/api/*"), &infra.StreamingBehaviorProps{
		Origin:       origin.Origin,
		OriginalHost: infra.NewOriginalHost(stack, jsii.String("OriginalHost"), nil).Function,
		BodyHasher:   infra.EdgeStackOf(stack).BodyHasher,
	})
}
