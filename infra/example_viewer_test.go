package infra_test

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscertificatemanager"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudfront"
	"github.com/aws/jsii-runtime-go"

	"github.com/cloudfurl/cloudfurl/infra"
)

// An endpoint in one stack and one region: viewers send the hash of each body.
func ExampleNewEndpoint_viewersHashBodies() {
	app := awscdk.NewApp(nil)
	stack := awscdk.NewStack(app, jsii.String("Chat"), nil)

	infra.NewEndpoint(stack, jsii.String("Api"), &infra.EndpointProps{
		Handler:     infra.GoHandler("./handler"),
		BodyHashing: infra.BodyHashing_VIEWER,
	})
}

// Redirects from a store, in the function that also runs original_host. The file
// declares function viewerRequest(event).
func ExampleNewEndpoint_viewerRequest() {
	app := awscdk.NewApp(nil)
	stack := awscdk.NewStack(app, jsii.String("Chat"), nil)

	infra.NewEndpoint(stack, jsii.String("Api"), &infra.EndpointProps{
		Handler:           infra.GoHandler("./handler"),
		ViewerRequestFile: jsii.String("./redirects.js"),
		KeyValueStore: awscloudfront.NewKeyValueStore(stack, jsii.String("Redirects"), &awscloudfront.KeyValueStoreProps{
			Source: awscloudfront.ImportSource_FromAsset(jsii.String("./redirects.json"), nil),
		}),
	})
}

// An endpoint that serves its own name only.
func ExampleNewEndpoint_rejectDefaultDomain() {
	app := awscdk.NewApp(nil)
	stack := awscdk.NewStack(app, jsii.String("Chat"), nil)

	infra.NewEndpoint(stack, jsii.String("Api"), &infra.EndpointProps{
		Handler:     infra.GoHandler("./handler"),
		DomainNames: jsii.Strings("chat.example.com"),
		Certificate: awscertificatemanager.Certificate_FromCertificateArn(stack, jsii.String("Certificate"),
			jsii.String("arn:aws:acm:us-east-1:111122223333:certificate/11112222-3333-4444-5555-666677778888")),
		RejectDefaultDomain: jsii.Bool(true),
	})
}
