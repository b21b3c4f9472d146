// Openai is a server with OpenAI's API and the AI SDK's stream, over a model of Amazon
// Bedrock or a server of one's own.
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
	stack := awscdk.NewStack(app, jsii.String("OpenAI"), nil)
	environment := map[string]*string{"API_KEY_SHA256": jsii.String(keyHash())}
	model, ok := stack.Node().TryGetContext(jsii.String("model")).(string)
	if ok {
		environment["MODEL"] = jsii.String("bedrock:" + model)
	}
	api := infra.NewEndpoint(stack, jsii.String("Api"), &infra.EndpointProps{
		Handler:         infra.GoHandler("./handler"),
		FunctionOptions: &awslambda.FunctionOptions{Environment: &environment},
	})
	if ok {
		infra.NewBedrockModel(stack, jsii.String("Model"), &infra.BedrockModelProps{
			ModelId: jsii.String(model),
		}).GrantInvokeWithResponseStream(api.Function)
	}
	awscdk.NewCfnOutput(stack, jsii.String("BaseUrl"), &awscdk.CfnOutputProps{Value: jsii.String(*api.Url() + "v1")})
	app.Synth(nil)
}

// keyHash returns the hash of the key, so that the template doesn't hold the key
// itself. Without a key it returns nothing, and the server accepts none.
func keyHash() string {
	key := os.Getenv("API_KEY")
	if key == "" {
		return ""
	}
	sum := sha256.Sum256([]byte(key))
	return hex.EncodeToString(sum[:])
}
