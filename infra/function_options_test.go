package infra_test

//lint:file-ignore SA1019 apps may set awslambda's deprecated options.

import (
	"reflect"
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscodeguruprofiler"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsec2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslogs"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssns"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssqs"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/cloudfurl/cloudfurl/infra"
	"github.com/cloudfurl/cloudfurl/internal/synthtest"
)

// A queueDestination and a noEvents are what awslambdadestinations and
// awslambdaeventsources have, which take long to compile.
type queueDestination struct{ arn *string }

func (d *queueDestination) Bind(constructs.Construct, awslambda.IFunction, *awslambda.DestinationOptions) *awslambda.DestinationConfig {
	return &awslambda.DestinationConfig{Destination: d.arn}
}

type noEvents struct{}

func (*noEvents) Bind(target awslambda.IFunction) {
	awscdk.Tags_Of(target).Add(jsii.String("events"), jsii.String("bound"), nil)
}

// An optionTest sets an option and perhaps what it needs. The template of the
// function has a text, or its constructor fails with one.
type optionTest struct {
	set    func(stack awscdk.Stack, options *awslambda.FunctionOptions)
	writes string
	fails  string
}

const (
	testArn      = "arn:aws:sqs:eu-west-1:111122223333:queue"
	withoutVpc   = "got a Function in a VPC: function URLs don't stream responses in a VPC"
	needsVpc     = "without configuring a VPC" // the CDK's words
	withLogGroup = `"RetentionInDays":30`
	testRole     = "arn:aws:iam::111122223333:role/mine"
	testLayer    = "arn:aws:lambda:eu-west-1:111122223333:layer:mine:1"
	testProfile  = "arn:aws:codeguru-profiler:eu-west-1:111122223333:profilingGroup/mine"
)

// optionTests are the fields of awslambda.FunctionOptions.
var optionTests = map[string]optionTest{
	"AdotInstrumentation": {func(_ awscdk.Stack, o *awslambda.FunctionOptions) {
		o.AdotInstrumentation = &awslambda.AdotInstrumentationConfig{
			LayerVersion: awslambda.AdotLayerVersion_FromGenericLayerVersion(awslambda.AdotLambdaLayerGenericVersion_V0_115_0()),
			ExecWrapper:  awslambda.AdotLambdaExecWrapper_REGULAR_HANDLER,
		}
	}, `"AWS_LAMBDA_EXEC_WRAPPER":"/opt/otel-handler"`, ""},
	"AllowAllIpv6Outbound": {func(_ awscdk.Stack, o *awslambda.FunctionOptions) { o.AllowAllIpv6Outbound = jsii.Bool(true) }, "", needsVpc},
	"AllowAllOutbound":     {func(_ awscdk.Stack, o *awslambda.FunctionOptions) { o.AllowAllOutbound = jsii.Bool(false) }, "", needsVpc},
	"AllowPublicSubnet": {func(stack awscdk.Stack, o *awslambda.FunctionOptions) {
		o.AllowPublicSubnet, o.Vpc = jsii.Bool(true), awsec2.NewVpc(stack, jsii.String("Vpc"), nil)
	}, "", withoutVpc},
	"ApplicationLogLevel": {func(_ awscdk.Stack, o *awslambda.FunctionOptions) {
		o.LogFormat, o.ApplicationLogLevel = jsii.String("JSON"), jsii.String("DEBUG")
	}, `"ApplicationLogLevel":"DEBUG"`, ""},
	"ApplicationLogLevelV2": {func(_ awscdk.Stack, o *awslambda.FunctionOptions) {
		o.LoggingFormat, o.ApplicationLogLevelV2 = awslambda.LoggingFormat_JSON, awslambda.ApplicationLogLevel_DEBUG
	}, `"ApplicationLogLevel":"DEBUG"`, ""},
	"Architecture": {func(_ awscdk.Stack, o *awslambda.FunctionOptions) { o.Architecture = awslambda.Architecture_X86_64() }, `"Architectures":["x86_64"]`, ""},
	"CodeSigningConfig": {func(stack awscdk.Stack, o *awslambda.FunctionOptions) {
		o.CodeSigningConfig = awslambda.CodeSigningConfig_FromCodeSigningConfigArn(stack, jsii.String("Signing"), jsii.String("arn:aws:lambda:eu-west-1:111122223333:code-signing-config:csc-11112222333344445"))
	}, "csc-11112222333344445", ""},
	"CurrentVersionOptions": {func(_ awscdk.Stack, o *awslambda.FunctionOptions) {
		o.CurrentVersionOptions = &awslambda.VersionOptions{Description: jsii.String("of the test")}
	}, `"Description":"of the test"`, ""},
	"DeadLetterQueue": {func(stack awscdk.Stack, o *awslambda.FunctionOptions) {
		o.DeadLetterQueue = awssqs.Queue_FromQueueArn(stack, jsii.String("Queue"), jsii.String(testArn))
	}, `"DeadLetterConfig":{"TargetArn":"` + testArn, ""},
	"DeadLetterQueueEnabled": {func(_ awscdk.Stack, o *awslambda.FunctionOptions) { o.DeadLetterQueueEnabled = jsii.Bool(true) }, `"AWS::SQS::Queue"`, ""},
	"DeadLetterTopic": {func(stack awscdk.Stack, o *awslambda.FunctionOptions) {
		o.DeadLetterTopic = awssns.NewTopic(stack, jsii.String("Topic"), nil)
	},
		`"DeadLetterConfig":{"TargetArn":{"Ref":"Topic`, ""},
	"Description": {func(_ awscdk.Stack, o *awslambda.FunctionOptions) { o.Description = jsii.String("of the test") }, `"Description":"of the test"`, ""},
	"DurableConfig": {func(_ awscdk.Stack, o *awslambda.FunctionOptions) {
		o.DurableConfig = &awslambda.DurableConfig{ExecutionTimeout: awscdk.Duration_Minutes(jsii.Number(5))}
	}, `"DurableConfig":{"ExecutionTimeout":300}`, ""},
	"Environment": {func(_ awscdk.Stack, o *awslambda.FunctionOptions) {
		o.Environment = &map[string]*string{"MODEL": jsii.String("small")}
	}, `"MODEL":"small"`, ""},
	"EnvironmentEncryption": {func(stack awscdk.Stack, o *awslambda.FunctionOptions) {
		o.EnvironmentEncryption = awskms.NewKey(stack, jsii.String("Key"), nil)
	},
		`"KmsKeyArn":{"Fn::GetAtt":["Key`, ""},
	"EphemeralStorageSize": {func(_ awscdk.Stack, o *awslambda.FunctionOptions) {
		o.EphemeralStorageSize = awscdk.Size_Gibibytes(jsii.Number(1))
	}, `"EphemeralStorage":{"Size":1024}`, ""},
	"Events": {func(_ awscdk.Stack, o *awslambda.FunctionOptions) { o.Events = &[]awslambda.IEventSource{&noEvents{}} }, `"Key":"events"`, ""},
	"Filesystem": {func(_ awscdk.Stack, o *awslambda.FunctionOptions) {
		o.Filesystem = awslambda.NewFileSystem(&awslambda.FileSystemConfig{Arn: jsii.String(testArn), LocalMountPath: jsii.String("/mnt/files")})
	}, "", needsVpc},
	"FunctionName": {func(_ awscdk.Stack, o *awslambda.FunctionOptions) { o.FunctionName = jsii.String("mine") }, `"FunctionName":"mine"`, ""},
	"InitialPolicy": {func(_ awscdk.Stack, o *awslambda.FunctionOptions) {
		o.InitialPolicy = &[]awsiam.PolicyStatement{awsiam.NewPolicyStatement(&awsiam.PolicyStatementProps{Actions: jsii.Strings("s3:GetObject"), Resources: jsii.Strings("*")})}
	}, `"s3:GetObject"`, ""},
	"InsightsVersion": {func(_ awscdk.Stack, o *awslambda.FunctionOptions) {
		o.InsightsVersion = awslambda.LambdaInsightsVersion_VERSION_1_0_333_0()
	}, "CloudWatchLambdaInsightsExecutionRolePolicy", ""},
	"Ipv6AllowedForDualStack": {func(_ awscdk.Stack, o *awslambda.FunctionOptions) { o.Ipv6AllowedForDualStack = jsii.Bool(true) }, "", needsVpc},
	"Layers": {func(stack awscdk.Stack, o *awslambda.FunctionOptions) {
		o.Layers = &[]awslambda.ILayerVersion{awslambda.LayerVersion_FromLayerVersionArn(stack, jsii.String("Layer"), jsii.String(testLayer))}
	}, testLayer, ""},
	"LogFormat":     {func(_ awscdk.Stack, o *awslambda.FunctionOptions) { o.LogFormat = jsii.String("JSON") }, `"LogFormat":"JSON"`, ""},
	"LoggingFormat": {func(_ awscdk.Stack, o *awslambda.FunctionOptions) { o.LoggingFormat = awslambda.LoggingFormat_JSON }, `"LogFormat":"JSON"`, ""},
	"LogGroup": {func(stack awscdk.Stack, o *awslambda.FunctionOptions) {
		o.LogGroup = awslogs.LogGroup_FromLogGroupName(stack, jsii.String("Logs"), jsii.String("mine"))
	}, `"LogGroup":"mine"`, ""},
	"LogRemovalPolicy": {func(_ awscdk.Stack, o *awslambda.FunctionOptions) { o.LogRemovalPolicy = awscdk.RemovalPolicy_RETAIN }, `"DeletionPolicy":"Retain"`, ""},
	"LogRetention":     {func(_ awscdk.Stack, o *awslambda.FunctionOptions) { o.LogRetention = awslogs.RetentionDays_ONE_WEEK }, `"RetentionInDays":7`, ""},
	"LogRetentionRetryOptions": {func(_ awscdk.Stack, o *awslambda.FunctionOptions) {
		o.LogRetentionRetryOptions = &awslambda.LogRetentionRetryOptions{MaxRetries: jsii.Number(1)}
	}, withLogGroup, ""},
	"LogRetentionRole": {func(stack awscdk.Stack, o *awslambda.FunctionOptions) {
		o.LogRetentionRole = awsiam.Role_FromRoleArn(stack, jsii.String("LogRole"), jsii.String(testRole), nil)
	}, withLogGroup, ""},
	"MaxEventAge": {func(_ awscdk.Stack, o *awslambda.FunctionOptions) {
		o.MaxEventAge = awscdk.Duration_Minutes(jsii.Number(2))
	}, `"MaximumEventAgeInSeconds":120`, ""},
	"MemorySize": {func(_ awscdk.Stack, o *awslambda.FunctionOptions) { o.MemorySize = jsii.Number(512) }, `"MemorySize":512`, ""},
	"OnFailure": {func(_ awscdk.Stack, o *awslambda.FunctionOptions) {
		o.OnFailure = &queueDestination{jsii.String(testArn)}
	},
		`"OnFailure":{"Destination":"` + testArn, ""},
	"OnSuccess": {func(_ awscdk.Stack, o *awslambda.FunctionOptions) {
		o.OnSuccess = &queueDestination{jsii.String(testArn)}
	},
		`"OnSuccess":{"Destination":"` + testArn, ""},
	"ParamsAndSecrets": {func(_ awscdk.Stack, o *awslambda.FunctionOptions) {
		o.ParamsAndSecrets = awslambda.ParamsAndSecretsLayerVersion_FromVersion(awslambda.ParamsAndSecretsVersions_V1_0_103, nil)
	}, `"PARAMETERS_SECRETS_EXTENSION_HTTP_PORT":"2773"`, ""},
	"Profiling": {func(_ awscdk.Stack, o *awslambda.FunctionOptions) { o.Profiling = jsii.Bool(true) }, "", "CodeGuru profiling is not supported by runtime provided.al2023"},
	"ProfilingGroup": {func(stack awscdk.Stack, o *awslambda.FunctionOptions) {
		o.ProfilingGroup = awscodeguruprofiler.ProfilingGroup_FromProfilingGroupArn(stack, jsii.String("Profile"), jsii.String(testProfile))
	}, "", "CodeGuru profiling is not supported by runtime provided.al2023"},
	"RecursiveLoop": {func(_ awscdk.Stack, o *awslambda.FunctionOptions) { o.RecursiveLoop = awslambda.RecursiveLoop_ALLOW }, `"RecursiveLoop":"Allow"`, ""},
	"ReservedConcurrentExecutions": {func(_ awscdk.Stack, o *awslambda.FunctionOptions) { o.ReservedConcurrentExecutions = jsii.Number(7) },
		`"ReservedConcurrentExecutions":7`, ""},
	"RetryAttempts": {func(_ awscdk.Stack, o *awslambda.FunctionOptions) { o.RetryAttempts = jsii.Number(1) }, `"MaximumRetryAttempts":1`, ""},
	"Role": {func(stack awscdk.Stack, o *awslambda.FunctionOptions) {
		o.Role = awsiam.Role_FromRoleArn(stack, jsii.String("Mine"), jsii.String(testRole), nil)
	}, `"Role":"` + testRole, ""},
	"RuntimeManagementMode": {func(_ awscdk.Stack, o *awslambda.FunctionOptions) {
		o.RuntimeManagementMode = awslambda.RuntimeManagementMode_FUNCTION_UPDATE()
	}, `"UpdateRuntimeOn":"FunctionUpdate"`, ""},
	"SecurityGroups": {func(stack awscdk.Stack, o *awslambda.FunctionOptions) {
		o.SecurityGroups = &[]awsec2.ISecurityGroup{awsec2.SecurityGroup_FromSecurityGroupId(stack, jsii.String("Group"), jsii.String("sg-12345678"), nil)}
	}, "", needsVpc},
	"SnapStart": {func(_ awscdk.Stack, o *awslambda.FunctionOptions) {
		o.SnapStart = awslambda.SnapStartConf_ON_PUBLISHED_VERSIONS()
	}, "", "SnapStart currently not supported by runtime provided.al2023"},
	"SystemLogLevel": {func(_ awscdk.Stack, o *awslambda.FunctionOptions) {
		o.LogFormat, o.SystemLogLevel = jsii.String("JSON"), jsii.String("DEBUG")
	}, `"SystemLogLevel":"DEBUG"`, ""},
	"SystemLogLevelV2": {func(_ awscdk.Stack, o *awslambda.FunctionOptions) {
		o.SystemLogLevelV2 = awslambda.SystemLogLevel_DEBUG
	},
		"", "you must set LogFormat to 'JSON'"},
	"TenancyConfig": {func(_ awscdk.Stack, o *awslambda.FunctionOptions) {
		o.TenancyConfig = awslambda.TenancyConfig_PER_TENANT()
	},
		"", "FunctionUrl is not supported for functions with tenant isolation mode"},
	"Timeout": {func(_ awscdk.Stack, o *awslambda.FunctionOptions) {
		o.Timeout = awscdk.Duration_Seconds(jsii.Number(42))
	}, `"Timeout":42`, ""},
	"Tracing": {func(_ awscdk.Stack, o *awslambda.FunctionOptions) { o.Tracing = awslambda.Tracing_ACTIVE }, `"TracingConfig":{"Mode":"Active"}`, ""},
	"Vpc": {func(stack awscdk.Stack, o *awslambda.FunctionOptions) {
		o.Vpc = awsec2.NewVpc(stack, jsii.String("Vpc"), nil)
	}, "", withoutVpc},
	"VpcSubnets": {func(_ awscdk.Stack, o *awslambda.FunctionOptions) { o.VpcSubnets = &awsec2.SubnetSelection{} }, "", needsVpc},
}

func TestFunctionOptions_work_or_are_rejected(t *testing.T) {
	fields := reflect.TypeFor[awslambda.FunctionOptions]()
	for i := range fields.NumField() {
		if _, ok := optionTests[fields.Field(i).Name]; !ok {
			t.Errorf("FunctionOptions has a new field %s: make it work or reject it, and add a test", fields.Field(i).Name)
		}
	}
	for name, test := range optionTests {
		t.Run(name, func(t *testing.T) {
			app := newApp()
			stack := newStack(app, "Consumer", "eu-west-1")
			options := new(awslambda.FunctionOptions)
			test.set(stack, options)
			if reflect.ValueOf(options).Elem().FieldByName(name).IsZero() {
				t.Fatal("got a test that doesn't set the option")
			}
			define := func() {
				infra.NewStreamingFunctionUrl(stack, jsii.String("Api"), &infra.StreamingFunctionUrlProps{
					Handler:         infra.GoHandler("./testdata/handler"),
					FunctionOptions: options,
					Alias:           &infra.AliasOptions{},
				})
			}
			if test.fails != "" {
				wantRejection(t, define, "Consumer/Api", test.fails)
				return
			}
			define()
			if got := synthtest.Text(t, synthtest.Templates(app)["Consumer"]); !strings.Contains(got, test.writes) {
				t.Errorf("got the template %s, want %s in it", got, test.writes)
			}
		})
	}
}

func TestFunctionOptions_that_contradict_each_other_are_rejected(t *testing.T) {
	stack := newStack(newApp(), "Consumer", "eu-west-1")
	group := awslogs.NewLogGroup(stack, jsii.String("Logs"), nil)
	adot := &awslambda.AdotInstrumentationConfig{
		LayerVersion: awslambda.AdotLayerVersion_FromGenericLayerVersion(awslambda.AdotLambdaLayerGenericVersion_V0_115_0()),
		ExecWrapper:  awslambda.AdotLambdaExecWrapper_REGULAR_HANDLER,
	}
	goHandler := infra.GoHandler("./testdata/handler")
	image := infra.ImageHandler("./testdata/image")
	for name, test := range map[string]struct {
		handler infra.Handler
		options awslambda.FunctionOptions
		want    string
	}{
		"retention of another group": {goHandler, awslambda.FunctionOptions{LogGroup: group, LogRetention: awslogs.RetentionDays_ONE_WEEK}, "CDK does not support setting logRetention and logGroup"},
		"removal of another group":   {goHandler, awslambda.FunctionOptions{LogGroup: group, LogRemovalPolicy: awscdk.RemovalPolicy_RETAIN}, "set the removal policy on the logGroup directly"},
		"wrapper of an app":          {flask(infra.WebAppHandlerProps{}), awslambda.FunctionOptions{AdotInstrumentation: adot}, "got AdotInstrumentation: its AWS_LAMBDA_EXEC_WRAPPER would replace /opt/bootstrap"},
		"instrumentation of images":  {image, awslambda.FunctionOptions{AdotInstrumentation: adot}, "ADOT Lambda layer can't be configured with container image package type"},
	} {
		t.Run(name, func(t *testing.T) {
			stack := newStack(newApp(), "Consumer", "eu-west-1")
			wantRejection(t, func() {
				infra.NewHandlerFunction(stack, jsii.String("Handler"), &infra.HandlerFunctionProps{Handler: test.handler, FunctionOptions: &test.options})
			}, "Consumer/Handler: ", test.want)
		})
	}
}
