package infra

import (
	"cmp"
	"errors"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsecrassets"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/cloudfurl/cloudfurl/infra/internal/code"
	"github.com/cloudfurl/cloudfurl/infra/internal/construct"
)

// ImageHandlerProps are the optional properties of ImageHandler.
type ImageHandlerProps struct {
	// File is the path of the Dockerfile in the directory.
	//
	// Default: "Dockerfile"
	File string

	// Target is the stage of the Dockerfile to build.
	//
	// Default: the last one
	Target string

	// BuildArgs are values of the Dockerfile's ARG instructions. A value that
	// changes with every build makes every deployment replace the code.
	//
	// Default: those of the Dockerfile
	BuildArgs map[string]string

	// Port is the port that the app listens on, and the environment variables
	// PORT and AWS_LWA_PORT; 1024 to 65535.
	//
	// Default: AWS_LWA_PORT or PORT of FunctionOptions.Environment or of the
	// Dockerfile, the only port that this exposes, or 8080
	Port *float64

	// ReadinessCheckPath is the path that responds with a status below 500 once
	// the app is ready.
	//
	// Default: AWS_LWA_READINESS_CHECK_PATH of the Dockerfile, or "/"
	ReadinessCheckPath string

	// AsyncInit lets the app take longer than the 10 seconds that Lambda has for
	// initialization. The first request waits for the rest.
	//
	// Default: false
	AsyncInit bool

	// Exclude are patterns of files that aren't sent to Docker, besides those of
	// .dockerignore and in its syntax.
	//
	// Default: none
	Exclude []string
}

// ImageHandler returns a Handler for the container image that a Dockerfile
// defines: a web app in any language, that listens on a port. The Dockerfile
// copies AWS's Lambda Web Adapter into the image, which sends the app the requests
// and streams its responses:
//
//	COPY --from=public.ecr.aws/awsguru/aws-lambda-adapter:1.1.0 /lambda-adapter /opt/extensions/lambda-adapter
//
// The CDK CLI builds the image for the function's architecture and pushes it to the
// account's registry when it deploys, which needs Docker or a program that the
// variable CDK_DOCKER names. Synthesis doesn't.
//
// Docker gets the directory without what .dockerignore names. Links stay links: what
// one finds outside of the directory isn't part of the image.
//
// The viewer's Authorization header reaches the app as Authorization.
func ImageHandler(dir string, props ...*ImageHandlerProps) Handler {
	return imageHandler{dir, onlyProps("ImageHandler", dir, props)}
}

type imageHandler struct {
	dir   string
	props ImageHandlerProps
}

// Bind returns the configuration of a function that runs the image.
func (h imageHandler) Bind(scope constructs.Construct, architecture awslambda.Architecture) *HandlerConfig {
	construct.Check(scope, nil, code.CheckDirectory("ImageHandler", h.dir))
	image, err := code.NewImage(h.dir, cmp.Or(h.props.File, "Dockerfile"), h.props.Target, h.props.BuildArgs)
	given, settings := newAdapter(h.props.Port, h.props.ReadinessCheckPath, h.props.AsyncInit)
	construct.Check(scope, nil, errors.Join(err, settings))
	config := &HandlerConfig{
		Code:    awslambda.Code_FromAssetImage(jsii.String(h.dir), h.asset(scope, architecture, image)),
		Runtime: awslambda.Runtime_FROM_IMAGE(),
		Handler: awslambda.Handler_FROM_IMAGE(),
	}
	config.Check = func(options *awslambda.FunctionOptions) error {
		variables := concrete(options.Environment)
		adapter, err := image.Adapter(given, variables)
		config.Environment = pointers(adapter.Variables())
		return cmp.Or(err, adapter.CheckVariables(variables))
	}
	return config
}

func (h imageHandler) asset(scope constructs.Construct, architecture awslambda.Architecture, image *code.Image) *awslambda.AssetImageCodeProps {
	platform := machineOf(scope, architecture).Platform()
	asset := &awslambda.AssetImageCodeProps{
		File:     jsii.String(image.Dockerfile),
		Platform: awsecrassets.Platform_Custom(jsii.String(platform)),
		// CDK would copy what links find outside of the directory. Docker doesn't.
		FollowSymlinks: awscdk.SymlinkFollowMode_NEVER,
	}
	if h.props.Target != "" {
		asset.Target = jsii.String(h.props.Target)
	}
	if len(h.props.BuildArgs) > 0 {
		arguments := pointers(h.props.BuildArgs)
		asset.BuildArgs = &arguments
	}
	if exclude := append(image.Ignored(), h.props.Exclude...); len(exclude) > 0 {
		asset.Exclude = jsii.Strings(exclude...)
	}
	return asset
}
