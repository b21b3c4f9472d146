package infra_test

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/jsii-runtime-go"

	"github.com/cloudfurl/cloudfurl/infra"
)

// A Flask app in ./app, with the packages of its requirements.txt.
func ExampleWebAppHandler() {
	app := awscdk.NewApp(nil)
	stack := awscdk.NewStack(app, jsii.String("Site"), nil)

	infra.NewEndpoint(stack, jsii.String("Site"), &infra.EndpointProps{
		Handler: infra.WebAppHandler("./app", &infra.WebAppHandlerProps{
			Command: "python -m gunicorn --bind 0.0.0.0:$PORT --threads 8 app:app",
		}),
	})
}

// An Express server that takes long to start, on a Node.js of its own choice.
func ExampleWebAppHandler_node() {
	app := awscdk.NewApp(nil)
	stack := awscdk.NewStack(app, jsii.String("Site"), nil)

	infra.NewEndpoint(stack, jsii.String("Site"), &infra.EndpointProps{
		Handler: infra.WebAppHandler("./server", &infra.WebAppHandlerProps{
			Command:            "node server.js",
			Runtime:            awslambda.Runtime_NODEJS_22_X(),
			ReadinessCheckPath: "/healthz",
			AsyncInit:          true,
			Exclude:            []string{"*.test.js"},
		}),
		FunctionOptions: &awslambda.FunctionOptions{MemorySize: jsii.Number(1024)},
	})
}

// A web app in a container image, whose Dockerfile copies the adapter.
func ExampleImageHandler() {
	app := awscdk.NewApp(nil)
	stack := awscdk.NewStack(app, jsii.String("Site"), nil)

	infra.NewEndpoint(stack, jsii.String("Site"), &infra.EndpointProps{
		Handler: infra.ImageHandler("./app", &infra.ImageHandlerProps{
			File:      "deploy/Dockerfile",
			Target:    "lambda",
			BuildArgs: map[string]string{"VERSION": "1.2.3"},
		}),
		FunctionOptions: &awslambda.FunctionOptions{Architecture: awslambda.Architecture_X86_64()},
	})
}

// A FastAPI app that Mangum serves, without streaming.
func ExamplePythonHandler() {
	app := awscdk.NewApp(nil)
	stack := awscdk.NewStack(app, jsii.String("Api"), nil)

	infra.NewEndpoint(stack, jsii.String("Api"), &infra.EndpointProps{
		Handler: infra.PythonHandler("./app", &infra.PythonHandlerProps{Handler: "app.handler"}),
	})
}
