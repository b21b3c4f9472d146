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

// What `cloudfurl init` writes for a Flask app in the directory above.
func ExampleWebAppHandler_init() {
	app := awscdk.NewApp(nil)
	stack := awscdk.NewStack(app, jsii.String("MyApp"), nil)

	web := infra.NewEndpoint(stack, jsii.String("Web"), &infra.EndpointProps{
		Handler: infra.WebAppHandler("..", &infra.WebAppHandlerProps{
			Command: "python -m gunicorn --bind 127.0.0.1:$PORT --threads 2 app:app",
			Exclude: []string{"/cloudfurl"}, // the CDK app
		}),
		FunctionOptions: &awslambda.FunctionOptions{
			MemorySize: jsii.Number(1024), // in MB; CPU grows with it
		},
		// DomainNames: jsii.Strings("www.example.com"), // and HostedZone or Certificate
	})
	awscdk.NewCfnOutput(stack, jsii.String("Url"), &awscdk.CfnOutputProps{Value: web.Url()})
}

// A server in Rust that was compiled for Linux, and one in Go that is compiled here.
func ExampleWebAppHandler_compiled() {
	app := awscdk.NewApp(nil)
	stack := awscdk.NewStack(app, jsii.String("Site"), nil)

	api := infra.NewEndpoint(stack, jsii.String("Site"), &infra.EndpointProps{
		Handler: infra.WebAppHandler("./target/lambda", &infra.WebAppHandlerProps{
			Command: "./server",
			Runtime: awslambda.Runtime_PROVIDED_AL2023(),
		}),
	})
	api.AddBehavior(jsii.String("Reports"), &infra.BehaviorProps{
		PathPattern: jsii.String("/reports/*"),
		Handler:     infra.WebAppHandler("./reports", &infra.WebAppHandlerProps{GoPackage: "."}),
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
