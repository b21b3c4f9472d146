// Frameworks is an endpoint for each of the apps in apps, which use web frameworks as
// their users do.
package main

import (
	"os"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/jsii-runtime-go"

	"github.com/cloudfurl/cloudfurl/infra"
)

const gunicorn = "python -m gunicorn --bind 127.0.0.1:$PORT --threads 2 --no-control-socket app:app"

func main() {
	defer jsii.Close()
	defer infra.Explain()

	app := awscdk.NewApp(nil)
	stack := awscdk.NewStack(app, jsii.String("Frameworks"), nil)
	define := func(id string, props *infra.EndpointProps) { infra.NewEndpoint(stack, jsii.String(id), props) }
	define("Flask", webApp("flask", gunicorn))
	define("Django", webApp("django", gunicorn))
	define("FastAPI", webApp("fastapi", "python -m uvicorn --port $PORT app:app"))
	define("Express", webApp("express", "node server.mjs"))
	define("Fastify", webApp("fastify", "node server.mjs"))
	define("Hono", webApp("hono", "node server.mjs"))
	define("Gin", &infra.EndpointProps{Handler: infra.GoHandler("./apps/gin")})
	define("Echo", &infra.EndpointProps{Handler: infra.GoHandler("./apps/echo")})
	define("Chi", &infra.EndpointProps{Handler: infra.GoHandler("./apps/chi")})
	if isBuilt("nextjs/.next/standalone") {
		define("NextJs", nextJs())
	}
	if isBuilt("sveltekit/build") {
		define("SvelteKit", svelteKit())
	}
	app.Synth(nil)
}

func webApp(dir, command string) *infra.EndpointProps {
	return &infra.EndpointProps{Handler: infra.WebAppHandler("./apps/"+dir, &infra.WebAppHandlerProps{Command: command})}
}

// isBuilt reports whether the Makefile has built an app.
func isBuilt(dir string) bool {
	_, err := os.Stat("./apps/" + dir)
	return err == nil
}

func nextJs() *infra.EndpointProps {
	return &infra.EndpointProps{
		Handler: infra.WebAppHandler("./apps/nextjs/.next/standalone", &infra.WebAppHandlerProps{
			Command: "HOSTNAME=127.0.0.1 node server.js",
		}),
		StaticFiles: &infra.StaticFilesProps{
			Directory:    jsii.String("./apps/nextjs/.next/site"),
			PathPatterns: jsii.Strings("/_next/static/*"),
		},
	}
}

func svelteKit() *infra.EndpointProps {
	return &infra.EndpointProps{
		Handler: infra.WebAppHandler("./apps/sveltekit/build", &infra.WebAppHandlerProps{
			Command:            "node index.js",
			Runtime:            awslambda.Runtime_NODEJS_24_X(),
			ReadinessCheckPath: "/_app/version.json",
		}),
		FunctionOptions: &awslambda.FunctionOptions{
			Environment: &map[string]*string{
				"HOST":            jsii.String("127.0.0.1"),
				"HOST_HEADER":     jsii.String("x-forwarded-host"),
				"PROTOCOL_HEADER": jsii.String("x-forwarded-proto"),
				"ADDRESS_HEADER":  jsii.String("x-forwarded-for"),
				"BODY_SIZE_LIMIT": jsii.String("6M"),
			},
		},
	}
}
