// Command webapps is a CDK app with the same small web app as a Go handler, in Flask
// and in FastAPI: the context key "app" says which.
package main

import (
	"path/filepath"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudfront"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/jsii-runtime-go"

	"github.com/cloudfurl/cloudfurl/infra"
)

// dir is where this file is, from the root of the repository.
const dir = "test/bench/testdata/webapps"

func main() {
	defer jsii.Close()
	app := awscdk.NewApp(nil)
	stack := awscdk.NewStack(app, jsii.String("WebApp"), &awscdk.StackProps{
		Env: &awscdk.Environment{Region: jsii.String("us-east-1")},
	})
	infra.NewEndpoint(stack, jsii.String("Api"), &infra.EndpointProps{
		Handler:         handler(app.Node().GetContext(jsii.String("app")).(string)),
		FunctionOptions: &awslambda.FunctionOptions{Architecture: awslambda.Architecture_X86_64()},
		// Without bodies there is no body hasher, whose Node.js would be counted.
		AllowedMethods: awscloudfront.AllowedMethods_ALLOW_GET_HEAD(),
	})
	app.Synth(nil)
}

func handler(name string) infra.Handler {
	commands := map[string]string{
		"flask":   "python -m gunicorn --bind 127.0.0.1:$PORT --threads 2 --no-control-socket app:app",
		"fastapi": "python -m uvicorn --port $PORT --no-access-log app:app",
	}
	if command, ok := commands[name]; ok {
		return infra.WebAppHandler(filepath.Join(dir, name), &infra.WebAppHandlerProps{Command: command})
	}
	return infra.GoHandler("./" + filepath.Join(dir, "handler"))
}
