package infra_test

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/jsii-runtime-go"

	"github.com/cloudfurl/cloudfurl/infra"
)

// An API for the access tokens of an authorization server, with a public part.
func ExampleNewEndpoint_authorization() {
	app := awscdk.NewApp(nil)
	stack := awscdk.NewStack(app, jsii.String("Api"), nil)

	const issuer, resource = "https://tenant.eu.auth0.com/", "https://api.example.com/mcp"
	api := infra.NewEndpoint(stack, jsii.String("Api"), &infra.EndpointProps{
		Handler: infra.GoHandler("./handler"),
		Authorization: &infra.AuthorizationOptions{
			Issuer:   jsii.String(issuer),
			Resource: jsii.String(resource),
			Scopes:   jsii.Strings("read"),
		},
		FunctionOptions: &awslambda.FunctionOptions{Environment: &map[string]*string{
			"ISSUER": jsii.String(issuer), "RESOURCE": jsii.String(resource),
		}},
	})
	api.AddBehavior(jsii.String("Status"), &infra.BehaviorProps{
		PathPattern:   jsii.String("/status"),
		Handler:       infra.GoHandler("./status"),
		Authorization: &infra.AuthorizationOptions{}, // needs no token
	})
}
