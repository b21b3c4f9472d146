// Flask-api is a JSON API of Flask behind a REST API of API Gateway, for callers that
// sign their requests.
package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/jsii-runtime-go"

	"github.com/cloudfurl/cloudfurl/infra"
	"github.com/cloudfurl/cloudfurl/infra/restapi"
)

func main() {
	defer jsii.Close()
	defer infra.Explain()

	app := awscdk.NewApp(nil)
	stack := awscdk.NewStack(app, jsii.String("FlaskApi"), nil)
	api := restapi.NewStreamingRestApi(stack, jsii.String("Api"), &restapi.StreamingRestApiProps{
		Handler: infra.WebAppHandler("./app", &infra.WebAppHandlerProps{
			Command: "python -m gunicorn --bind 127.0.0.1:$PORT --threads 2 --no-control-socket app:app",
		}),
		Authorization: restapi.Authorization_IAM,
	})
	// For the users and roles that call the API.
	callers := awsiam.NewManagedPolicy(stack, jsii.String("Callers"), nil)
	api.GrantInvoke(callers)
	awscdk.NewCfnOutput(stack, jsii.String("Url"), &awscdk.CfnOutputProps{Value: api.Url()})
	awscdk.NewCfnOutput(stack, jsii.String("CallersPolicy"), &awscdk.CfnOutputProps{Value: callers.ManagedPolicyArn()})
	app.Synth(nil)
}
