package infra_test

import (
	"errors"
	"strconv"
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/cloudfurl/cloudfurl/infra"
	"github.com/cloudfurl/cloudfurl/internal/synthtest"
)

// nodeHandler is a Handler of another package than infra.
type nodeHandler struct {
	code awslambda.Code
}

func (h nodeHandler) Bind(constructs.Construct, awslambda.Architecture) *infra.HandlerConfig {
	return &infra.HandlerConfig{Code: h.code, Runtime: awslambda.Runtime_NODEJS_24_X(), Handler: jsii.String("index.handler")}
}

// layerlessHandler is a Handler that forgets its layer.
type layerlessHandler struct {
	nodeHandler
}

func (h layerlessHandler) Bind(scope constructs.Construct, architecture awslambda.Architecture) *infra.HandlerConfig {
	config := h.nodeHandler.Bind(scope, architecture)
	config.Layers = []awslambda.ILayerVersion{nil}
	return config
}

func TestHandler_without_a_layer_of_its_list_is_rejected(t *testing.T) {
	handler := layerlessHandler{nodeHandler{awslambda.Code_FromInline(jsii.String("exports.handler = 1"))}}
	wantRejection(t, func() {
		newEndpoint(newStack(newApp(), "Consumer", ""), infra.EndpointProps{Handler: handler})
	}, "Consumer/Api/Handler: got nil in Layers")
}

func TestHandler_can_be_implemented_by_apps(t *testing.T) {
	app := newApp()
	newEndpoint(newStack(app, "Consumer", ""), infra.EndpointProps{Handler: nodeHandler{awslambda.Code_FromInline(jsii.String("exports.handler = 1"))}})
	var runtimes []any
	for _, function := range synthtest.Templates(app)["Consumer"].Resources("AWS::Lambda::Function") {
		runtimes = append(runtimes, function.Properties["Runtime"])
	}
	if len(runtimes) != 1 || runtimes[0] != "nodejs24.x" {
		t.Errorf("got functions of %v, want one of nodejs24.x", runtimes)
	}

	message := synthtest.Failure(t, func() {
		newEndpoint(newStack(newApp(), "Consumer", ""), infra.EndpointProps{Handler: nodeHandler{}})
	})
	if !strings.Contains(message, "infra_test.nodeHandler") || !strings.Contains(message, "no Code") {
		t.Errorf("got %q, want it to name the handler and what is missing", message)
	}
}

// strictHandler is a Handler that has no layers, and one variable by its options.
type strictHandler struct {
	nodeHandler
}

func (h strictHandler) Bind(scope constructs.Construct, architecture awslambda.Architecture) *infra.HandlerConfig {
	config := h.nodeHandler.Bind(scope, architecture)
	config.Check = func(options *awslambda.FunctionOptions) error {
		if options.Layers != nil {
			return errors.New("got Layers: remove them")
		}
		config.Environment = map[string]*string{"MEMORY": jsii.String(strconv.FormatFloat(*options.MemorySize, 'f', -1, 64))}
		return nil
	}
	config.Warnings = func() []string { return []string{"the handler is old"} }
	return config
}

func TestHandler_of_apps_checks_options_and_warns(t *testing.T) {
	handler := strictHandler{nodeHandler{awslambda.Code_FromInline(jsii.String("exports.handler = 1"))}}
	app := newApp()
	function := infra.NewHandlerFunction(newStack(app, "Consumer", ""), jsii.String("Handler"), &infra.HandlerFunctionProps{Handler: handler})
	if got := warningsOf(function); len(got) != 1 || !strings.Contains(got[0], "the handler is old") {
		t.Errorf("got warnings %q, want the handler's", got)
	}
	properties := synthtest.Templates(app)["Consumer"].Only(t, "AWS::Lambda::Function").Properties
	if got := variablesOf(t, properties)["MEMORY"]; got != "256" {
		t.Errorf("got MEMORY %v, want the default of the options, 256", got)
	}
	wantFailure(t, "eu-west-1", func() infra.Handler { return handler },
		&awslambda.FunctionOptions{Layers: &[]awslambda.ILayerVersion{}}, "Consumer/Handler: got Layers: remove them")
}

func TestFunctionOptions_extend_the_role_as_the_options_need(t *testing.T) {
	app := newApp()
	newEndpoint(newStack(app, "Consumer", "eu-west-1"), infra.EndpointProps{
		FunctionOptions: &awslambda.FunctionOptions{
			Tracing:               awslambda.Tracing_ACTIVE,
			InsightsVersion:       awslambda.LambdaInsightsVersion_VERSION_1_0_333_0(),
			LoggingFormat:         awslambda.LoggingFormat_JSON,
			ApplicationLogLevelV2: awslambda.ApplicationLogLevel_WARN,
			EphemeralStorageSize:  awscdk.Size_Gibibytes(jsii.Number(1)),
		},
	})
	consumer := synthtest.Templates(app)["Consumer"]
	role := synthtest.Text(t, consumer.Only(t, "AWS::IAM::Role").Properties)
	if !strings.Contains(role, "CloudWatchLambdaInsightsExecutionRolePolicy") {
		t.Errorf("got role %s, want the policy of Lambda Insights", role)
	}
	if policy := synthtest.Text(t, consumer.Only(t, "AWS::IAM::Policy").Properties); !strings.Contains(policy, "xray:PutTraceSegments") {
		t.Errorf("got policy %s, want it to permit X-Ray", policy)
	}
	function := consumer.Only(t, "AWS::Lambda::Function").Properties
	if got := synthtest.At(t, function, "LoggingConfig", "LogFormat"); got != "JSON" {
		t.Errorf("got logs in %v, want JSON", got)
	}
	if got := synthtest.At(t, function, "LoggingConfig", "ApplicationLogLevel"); got != "WARN" {
		t.Errorf("got log level %v, want WARN", got)
	}
	if got := synthtest.At(t, function, "EphemeralStorage", "Size"); got != 1024.0 {
		t.Errorf("got %v MB of storage, want 1024", got)
	}
}
