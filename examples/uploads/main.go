// Uploads sends files past CloudFront and Lambda, to a bucket, by forms that the handler
// presigns.
package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/jsii-runtime-go"

	"github.com/cloudfurl/cloudfurl/infra"
)

func main() {
	defer jsii.Close()
	defer infra.Explain()

	app := awscdk.NewApp(nil)
	stack := awscdk.NewStack(app, jsii.String("Uploads"), nil)
	bucket := awss3.NewBucket(stack, jsii.String("Bucket"), &awss3.BucketProps{
		BlockPublicAccess: awss3.BlockPublicAccess_BLOCK_ALL(),
		EnforceSSL:        jsii.Bool(true),
		LifecycleRules: &[]*awss3.LifecycleRule{{
			Prefix:     jsii.String("uploads/"),
			Expiration: awscdk.Duration_Days(jsii.Number(1)),
		}},
	})
	web := infra.NewEndpoint(stack, jsii.String("Web"), &infra.EndpointProps{
		Handler: infra.GoHandler("./handler"),
		FunctionOptions: &awslambda.FunctionOptions{
			Environment: &map[string]*string{"BUCKET": bucket.BucketName()},
		},
	})
	// What the function may not do, no form that it signs can do.
	bucket.GrantPut(web.Function, jsii.String("uploads/*"))
	bucket.GrantRead(web.Function, jsii.String("uploads/*"))
	awscdk.NewCfnOutput(stack, jsii.String("Url"), &awscdk.CfnOutputProps{Value: web.Url()})
	app.Synth(nil)
}
