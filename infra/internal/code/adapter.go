package code

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

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
	AdapterWrapper      = "/opt/bootstrap"
)

// Ports that an app can listen on in Lambda, where it has no rights for those below
// 1024, and the one where the Runtime API listens.
//
// See: https://github.com/aws/aws-lambda-web-adapter#configurations
const (
	defaultPort      = "8080"
	minPort, maxPort = 1024, 65535
	runtimeApiPort   = 9001
)

// An Adapter is how AWS's Lambda Web Adapter serves an app.
type Adapter struct {
	// Port is a number, or what becomes one at deployment.
	//
	// Default: 8080
	Port string

	// ReadinessCheckPath is the path of requests until the app is ready.
	//
	// Default: "/"
	ReadinessCheckPath string

	AsyncInit bool

	// Wrapper is what Lambda starts in place of the runtime, or "" in a container
	// image.
	Wrapper string
}

// Check returns why the adapter wouldn't accept the settings, or nil.
func (a Adapter) Check() error {
	if err := checkPort(a.Port); err != nil {
		return err
	}
	if problem := pathProblem(a.ReadinessCheckPath); problem != "" {
		return fmt.Errorf("got ReadinessCheckPath %s", problem)
	}
	return nil
}

func checkPort(text string) error {
	port, err := strconv.ParseFloat(text, 64)
	if err == nil && (port < minPort || port > maxPort || port != math.Trunc(port) || port == runtimeApiPort) {
		return fmt.Errorf("got Port %v: use a whole number of %d to %d, but %d, where Lambda's Runtime API listens", port, minPort, maxPort, runtimeApiPort)
	}
	return nil
}

// pathProblem returns why a path can't follow a port in a URL, or "".
func pathProblem(path string) string {
	if path == "" || strings.HasPrefix(path, "/") {
		return ""
	}
	return fmt.Sprintf(`%q: begin it with a slash, such as "/%s"`, path, path)
}

func (a Adapter) port() string { return cmp.Or(a.Port, defaultPort) }

// Variables returns the environment variables of the settings.
func (a Adapter) Variables() map[string]string {
	variables := map[string]string{
		variablePort:          a.port(),
		variableAdapterPort:   a.port(),
		variableInvokeMode:    "response_stream",
		variableReadinessPath: cmp.Or(a.ReadinessCheckPath, "/"),
		// Origin access control replaces the viewer's header by its signature.
		variableAuthorization: strings.ToLower(contract.HeaderOriginalAuthorization),
	}
	if a.AsyncInit {
		variables[variableAsyncInit] = "true"
	}
	if a.Wrapper != "" {
		variables[variableExecWrapper] = a.Wrapper
	}
	return variables
}

// CheckVariables returns why given variables of a function, those whose values are known,
// would break the settings, or nil.
func (a Adapter) CheckVariables(given map[string]string) error {
	hints := map[string]string{
		variablePort:        "set Port of the handler",
		variableAdapterPort: "set Port of the handler",
		variableInvokeMode:  "remove it, since the function URL streams",
	}
	if a.Wrapper != "" {
		hints[variableExecWrapper] = "remove it, and start a wrapper of your own in Command"
	}
	own := a.Variables()
	for _, name := range slices.Sorted(maps.Keys(given)) {
		value := given[name]
		hint, fixed := hints[name]
		switch {
		case fixed && !strings.EqualFold(value, own[name]):
			return fmt.Errorf("got the environment variable %s=%s, where the handler needs %s: %s", name, value, own[name], hint)
		case name == variableOldReadinessPath:
			return fmt.Errorf("got the environment variable %s, which the adapter ignores beside %s: set ReadinessCheckPath of the handler", name, variableReadinessPath)
		case name == variableReadinessPath && pathProblem(value) != "":
			return fmt.Errorf("got the environment variable %s=%s", name, pathProblem(value))
		}
	}
	return nil
}

// adapterAccount has AWS's public layers with the Lambda Web Adapter.
//
// See: https://github.com/aws/aws-lambda-web-adapter/blob/main/docs/guide/src/getting-started/zip-packages.md
const adapterAccount = "753240598075"

var adapterLayerNames = map[string]string{
	"arm64":  "LambdaAdapterLayerArm64",
	"x86_64": "LambdaAdapterLayerX86",
}

// An AdapterLayer is a layer of AWS's with the adapter, by the parts of its ARN.
type AdapterLayer struct {
	Account, NameAndVersion string
}

// NewAdapterLayer returns the layer for an architecture in a region of a partition, or
// why AWS publishes none there. A region that is only known at deployment is one of
// AWS's own partition.
func NewAdapterLayer(partition, region, architecture string) (layer AdapterLayer, err error) {
	if partition != "aws" {
		return layer, fmt.Errorf("got a stack in %s, of partition %s, where AWS doesn't publish the layer with its Lambda Web Adapter for every CPU: "+
			"set the layer, or a copy in your account, as AdapterLayer, or use ImageHandler", region, partition)
	}
	return AdapterLayer{adapterAccount, adapterLayerNames[architecture] + ":" + contract.AdapterLayerVersion}, nil
}
