// App is an endpoint with every step at viewer-request.
package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscertificatemanager"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudfront"
	"github.com/aws/jsii-runtime-go"

	"github.com/cloudfurl/cloudfurl/infra"
)

func main() {
	defer jsii.Close()
	defer infra.Explain()

	app := awscdk.NewApp(nil)
	stack := awscdk.NewStack(app, jsii.String("Viewer"), nil)
	props := &infra.EndpointProps{
		Handler:           infra.GoHandler("./functions/demo"),
		BodyHashing:       infra.BodyHashing_VIEWER,
		ViewerRequestFile: jsii.String("test/viewer/app/viewer_request.js"),
		KeyValueStore: awscloudfront.NewKeyValueStore(stack, jsii.String("Store"), &awscloudfront.KeyValueStoreProps{
			Source: awscloudfront.ImportSource_FromAsset(jsii.String("test/viewer/app/store.json"), nil),
		}),
		StaticFiles: &infra.StaticFilesProps{
			Directory:    jsii.String("infra/testdata/site"),
			PathPatterns: jsii.Strings("/assets/*"),
		},
		DomainNames:         jsii.Strings("www.example.com", "example.com"),
		RejectDefaultDomain: jsii.Bool(true),
		Certificate: awscertificatemanager.Certificate_FromCertificateArn(stack, jsii.String("Certificate"),
			jsii.String("arn:aws:acm:us-east-1:111122223333:certificate/11112222-3333-4444-5555-666677778888")),
	}
	api := infra.NewEndpoint(stack, jsii.String("Api"), props)
	api.AddBehavior(jsii.String("Read"), &infra.BehaviorProps{
		PathPattern:    jsii.String("/read/*"),
		Handler:        infra.GoHandler("./functions/demo"),
		AllowedMethods: awscloudfront.AllowedMethods_ALLOW_GET_HEAD(),
	})
	app.Synth(nil)
}
