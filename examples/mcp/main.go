// Mcp is an MCP server: tools for language models, over streamable HTTP.
package main

import (
	"crypto/sha256"
	"encoding/hex"
	"os"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/jsii-runtime-go"

	"github.com/cloudfurl/cloudfurl/infra"
)

func main() {
	defer jsii.Close()
	defer infra.Explain()

	app := awscdk.NewApp(nil)
	stack := awscdk.NewStack(app, jsii.String("Mcp"), nil)
	authorization, environment := authorization()
	api := infra.NewEndpoint(stack, jsii.String("Server"), &infra.EndpointProps{
		Handler:         infra.GoHandler("./handler"),
		Authorization:   authorization,
		FunctionOptions: &awslambda.FunctionOptions{Environment: environment},
	})
	awscdk.NewCfnOutput(stack, jsii.String("Url"), &awscdk.CfnOutputProps{Value: jsii.String(*api.Url() + "mcp")})
	app.Synth(nil)
}

// authorization returns what the endpoint requires and the handler verifies: tokens
// of MCP_ISSUER for MCP_RESOURCE, or else the fixed MCP_TOKEN.
func authorization() (*infra.AuthorizationOptions, *map[string]*string) {
	issuer, resource := os.Getenv("MCP_ISSUER"), os.Getenv("MCP_RESOURCE")
	if issuer == "" {
		return nil, &map[string]*string{"TOKEN_SHA256": jsii.String(tokenHash())}
	}
	return &infra.AuthorizationOptions{
		Issuer:   &issuer,
		Resource: &resource,
		Scopes:   jsii.Strings("mcp"),
	}, &map[string]*string{"ISSUER": &issuer, "RESOURCE": &resource}
}

// tokenHash returns the hash of the token, so that the template doesn't hold the
// token itself. Without a token it returns nothing, and the server accepts none.
func tokenHash() string {
	token := os.Getenv("MCP_TOKEN")
	if token == "" {
		return ""
	}
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}
