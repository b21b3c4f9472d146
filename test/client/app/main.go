// App is an endpoint whose callers hash their bodies, except below /edge/, where
// an edge function does, and below /read/, where nobody sends bodies.
package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudfront"
	"github.com/aws/jsii-runtime-go"

	"github.com/cloudfurl/cloudfurl/infra"
)

func main() {
	defer jsii.Close()
	defer infra.Explain()

	app := awscdk.NewApp(nil)
	stack := awscdk.NewStack(app, jsii.String("Client"), nil)
	api := infra.NewEndpoint(stack, jsii.String("Api"), &infra.EndpointProps{
		Handler:     infra.GoHandler("./test/client/app/handler"),
		BodyHashing: infra.BodyHashing_VIEWER,
	})
	api.AddBehavior(jsii.String("Edge"), &infra.BehaviorProps{
		PathPattern: jsii.String("/edge/*"),
		Handler:     infra.GoHandler("./test/client/app/handler"),
		BodyHashing: infra.BodyHashing_EDGE,
	})
	api.AddBehavior(jsii.String("Read"), &infra.BehaviorProps{
		PathPattern:    jsii.String("/read/*"),
		Handler:        infra.GoHandler("./test/client/app/handler"),
		AllowedMethods: awscloudfront.AllowedMethods_ALLOW_GET_HEAD(),
	})
	app.Synth(nil)
}
