package infra

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/cloudfurl/cloudfurl/infra/internal/construct"
	"github.com/cloudfurl/cloudfurl/internal/contract"
)

// Environment variables of AWS's Lambda Web Adapter.
//
// See: https://github.com/aws/aws-lambda-web-adapter/blob/main/docs/guide/src/configuration/environment-variables.md
const (
	variablePort             = "PORT"
	variableAdapterPort      = "AWS_LWA_PORT"
	variableInvokeMode       = "AWS_LWA_INVOKE_MODE"
	variableReadinessPath    = "AWS_LWA_READINESS_CHECK_PATH"
	variableOldReadinessPath = "READINESS_CHECK_PATH"
	variableAsyncInit        = "AWS_LWA_ASYNC_INIT"
	variableAuthorization    = "AWS_LWA_AUTHORIZATION_SOURCE"
)

// variableExecWrapper is what Lambda runs in place of the runtime, with the layer's
// script as its value.
//
// See: https://github.com/aws/aws-lambda-web-adapter/blob/main/docs/guide/src/getting-started/zip-packages.md
const (
	variableExecWrapper = "AWS_LAMBDA_EXEC_WRAPPER"
	adapterWrapper      = "/opt/bootstrap"
)

// Ports that an app can listen on in Lambda, where it has no rights for those below
// 1024, and ports that others listen on.
//
// See: https://github.com/aws/aws-lambda-web-adapter#configurations
// See: https://docs.aws.amazon.com/systems-manager/latest/userguide/ps-integration-lambda-extensions.html
const (
	defaultPort      = 8080
	minPort, maxPort = 1024, 65535
	runtimeApiPort   = 9001
	insightsPort     = 3000
	secretsPort      = 2773
)

// An adapterSettings is how AWS's Lambda Web Adapter serves an app.
type adapterSettings struct {
	port               *float64
	readinessCheckPath string
	asyncInit          bool

	// wrapper is what Lambda starts in place of the runtime, or "" in a container
	// image.
	wrapper string
}

// check panics with an *Error about scope if the adapter wouldn't accept the
// settings.
func (s *adapterSettings) check(scope constructs.Construct) {
	if s.port != nil && construct.IsNumber(s.port) {
		switch port := *s.port; {
		case port < 1 || port > maxPort || port != math.Trunc(port):
			construct.Fail(scope, nil, "got Port %v: give a whole number of %d to %d", port, minPort, maxPort)
		case port < minPort:
			construct.Fail(scope, nil, "got Port %v: in Lambda the app runs without the rights for ports below %d, give %[2]d to %d", port, minPort, maxPort)
		case port == runtimeApiPort:
			construct.Fail(scope, nil, "got Port %v, where Lambda's Runtime API listens: give another", port)
		}
	}
	if problem := pathProblem(s.readinessCheckPath); problem != "" {
		construct.Fail(scope, nil, "got ReadinessCheckPath %s", problem)
	}
}

// pathProblem returns why a path can't follow a port in a URL, or "".
func pathProblem(path string) string {
	if path == "" || strings.HasPrefix(path, "/") || !construct.IsConcrete(&path) {
		return ""
	}
	return fmt.Sprintf(`%q: begin it with a slash, such as "/%s"`, path, path)
}

// portText returns the port as the value of a variable.
func (s *adapterSettings) portText() *string {
	switch {
	case s.port == nil:
		return jsii.String(strconv.Itoa(defaultPort))
	case !construct.IsNumber(s.port):
		return awscdk.Token_AsString(s.port, nil)
	}
	return jsii.String(strconv.FormatFloat(*s.port, 'f', -1, 64))
}

// variables returns the environment variables of the settings.
func (s *adapterSettings) variables() map[string]*string {
	path := s.readinessCheckPath
	if path == "" {
		path = "/"
	}
	variables := map[string]*string{
		variablePort:          s.portText(),
		variableAdapterPort:   s.portText(),
		variableInvokeMode:    jsii.String("response_stream"),
		variableReadinessPath: jsii.String(path),
		// Origin access control replaces the viewer's header by its signature.
		variableAuthorization: jsii.String(strings.ToLower(contract.HeaderOriginalAuthorization)),
	}
	if s.asyncInit {
		variables[variableAsyncInit] = jsii.String("true")
	}
	if s.wrapper != "" {
		variables[variableExecWrapper] = jsii.String(s.wrapper)
	}
	return variables
}

// problem returns why variables of a function's options would break what the
// settings need, or "".
func (s *adapterSettings) problem(options *awslambda.FunctionOptions) string {
	switch {
	case options.InsightsVersion != nil && *s.portText() == strconv.Itoa(insightsPort):
		return fmt.Sprintf("got Port %d and InsightsVersion: Lambda Insights listens on that port, give another", insightsPort)
	case options.ParamsAndSecrets != nil && *s.portText() == strconv.Itoa(secretsPort):
		return fmt.Sprintf("got Port %d and ParamsAndSecrets: AWS's extension listens on that port, give another", secretsPort)
	case options.AdotInstrumentation != nil && s.wrapper != "":
		return fmt.Sprintf("got AdotInstrumentation: its %s would replace %s, which starts the app, instrument the app in Command", variableExecWrapper, s.wrapper)
	}
	if options.Environment == nil {
		return ""
	}
	cures := map[string]string{
		variablePort:        "give Port of the handler",
		variableAdapterPort: "give Port of the handler",
		variableInvokeMode:  "remove it, since the function URL streams",
	}
	if s.wrapper != "" {
		cures[variableExecWrapper] = "remove it, and start a wrapper of your own in Command"
	}
	own := s.variables()
	for _, name := range slices.Sorted(maps.Keys(*options.Environment)) {
		given := (*options.Environment)[name]
		if given == nil || !construct.IsConcrete(given) {
			continue
		}
		cure, fixed := cures[name]
		switch {
		case fixed && !strings.EqualFold(*given, *own[name]):
			return fmt.Sprintf("got the environment variable %s=%s, where the handler needs %s: %s", name, *given, *own[name], cure)
		case name == variableOldReadinessPath:
			return fmt.Sprintf("got the environment variable %s, which the adapter ignores beside %s: give ReadinessCheckPath of the handler", name, variableReadinessPath)
		case name == variableReadinessPath && pathProblem(*given) != "":
			return fmt.Sprintf("got the environment variable %s=%s", name, pathProblem(*given))
		}
	}
	return ""
}
