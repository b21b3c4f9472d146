// Rest-api is a handler behind a REST API of API Gateway, which is the origin of a
// distribution.
package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsapigateway"
	"github.com/aws/jsii-runtime-go"

	"github.com/cloudfurl/cloudfurl/infra"
	"github.com/cloudfurl/cloudfurl/infra/restapi"
)

func main() {
	defer jsii.Close()
	defer infra.Explain()

	app := awscdk.NewApp(nil)
	stack := awscdk.NewStack(app, jsii.String("RestApi"), nil)
	api := restapi.NewStreamingRestApi(stack, jsii.String("Api"), &restapi.StreamingRestApiProps{
		Handler:       infra.GoHandler("./handler"),
		Authorization: restapi.Authorization_API_KEY,
		DeployOptions: &awsapigateway.StageOptions{
			ThrottlingRateLimit:  jsii.Number(50), // requests a second
			ThrottlingBurstLimit: jsii.Number(100),
		},
	})
	site := infra.NewEndpoint(stack, jsii.String("Site"), &infra.EndpointProps{Origin: api.Origin(nil)})
	awscdk.NewCfnOutput(stack, jsii.String("Url"), &awscdk.CfnOutputProps{Value: site.Url()})
	app.Synth(nil)
}
