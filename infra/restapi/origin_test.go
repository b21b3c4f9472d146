package restapi_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudfront"
	"github.com/aws/jsii-runtime-go"

	"github.com/cloudfurl/cloudfurl/infra"
	"github.com/cloudfurl/cloudfurl/infra/restapi"
	"github.com/cloudfurl/cloudfurl/internal/synthtest"
)

func TestOrigin_gives_an_Endpoint_the_stage_and_the_key(t *testing.T) {
	app := newApp()
	stack := newStack(app, "Consumer", "eu-west-1")
	api := newApi(stack, restapi.StreamingRestApiProps{Authorization: restapi.Authorization_API_KEY})
	endpoint := infra.NewEndpoint(stack, jsii.String("Site"), &infra.EndpointProps{Origin: api.Origin(&restapi.OriginOptions{ReadTimeout: awscdk.Duration_Seconds(jsii.Number(120))})})
	if endpoint.Function != nil || endpoint.FunctionUrl != nil || endpoint.BodyHasher != nil {
		t.Errorf("got %+v, want neither a function nor a body_hasher", endpoint)
	}
	infra.NewMonitoring(stack, jsii.String("Monitoring"), &infra.MonitoringProps{Endpoint: endpoint})

	templates := synthtest.Templates(app)
	if _, ok := templates["CloudfurlEdge"]; ok {
		t.Error("got an edge stack, want none: the origin checks no hashes")
	}
	consumer := templates["Consumer"]
	config := consumer.Only(t, "AWS::CloudFront::Distribution").Properties["DistributionConfig"]
	origin := synthtest.Text(t, synthtest.At(t, config, "Origins", 0))
	for _, want := range []string{
		`".execute-api.eu-west-1."`, `"OriginPath":{"Fn::Join":["",["/",{"Ref":"ApiRestApiDeploymentStageprod`, `"HeaderName":"x-api-key"`,
		`"HeaderValue":{"Fn::Join":["",["{{resolve:secretsmanager:",{"Ref":"ApiKeySecret`, `"OriginReadTimeout":120`, `"OriginProtocolPolicy":"https-only"`,
	} {
		if !strings.Contains(origin, want) {
			t.Errorf("got origin %s, want %s", origin, want)
		}
	}
	behavior := synthtest.Text(t, synthtest.At(t, config, "DefaultCacheBehavior"))
	if strings.Contains(behavior, "LambdaFunctionAssociations") || !strings.Contains(behavior, `"EventType":"viewer-request"`) || !strings.Contains(behavior, `"PATCH"`) {
		t.Errorf("got %s, want original_host and every method, without Lambda@Edge", behavior)
	}
	key := synthtest.Text(t, consumer.Only(t, "AWS::ApiGateway::ApiKey").Properties["Value"])
	if !strings.Contains(origin, key) {
		t.Errorf("got key %s, want that of the origin", key)
	}
	for _, method := range consumer.Resources("AWS::ApiGateway::Method") {
		if method.Properties["ApiKeyRequired"] != true || method.Properties["AuthorizationType"] != "NONE" {
			t.Errorf("got %s, want a method that requires the key", synthtest.Text(t, method.Properties))
		}
	}
}

func TestOrigin_is_for_behaviors_of_an_Endpoint_and_of_other_distributions(t *testing.T) {
	app := newApp()
	stack := newStack(app, "Consumer", "eu-west-1")
	api := newApi(stack, restapi.StreamingRestApiProps{Authorization: restapi.Authorization_NONE})
	endpoint := infra.NewEndpoint(stack, jsii.String("Site"), &infra.EndpointProps{Handler: infra.GoHandler("../testdata/handler"), BodyHashing: infra.BodyHashing_VIEWER})
	endpoint.AddBehavior(jsii.String("Rest"), &infra.BehaviorProps{PathPattern: jsii.String("/rest/*"), Origin: api.Origin(nil)})
	awscloudfront.NewDistribution(stack, jsii.String("Other"), &awscloudfront.DistributionProps{
		DefaultBehavior: infra.StreamingBehavior(stack, &infra.StreamingBehaviorProps{
			Origin: api.Origin(nil), OriginalHost: endpoint.OriginalHost, BodyHashing: infra.BodyHashing_NONE,
		}),
	})
	for _, distribution := range synthtest.Templates(app)["Consumer"].Resources("AWS::CloudFront::Distribution") {
		config := synthtest.Text(t, distribution.Properties)
		if !strings.Contains(config, `"OriginReadTimeout":60`) || strings.Contains(config, "x-api-key") || strings.Contains(config, "LambdaFunctionAssociations") {
			t.Errorf("got %s, want an origin without a key, and no Lambda@Edge", config)
		}
		if strings.Contains(config, "/rest/*") && !strings.Contains(synthtest.Text(t, synthtest.At(t, distribution.Properties, "DistributionConfig", "CacheBehaviors")), "EdgeHashingOriginalHost") {
			t.Errorf("got %s, want a behavior whose viewers needn't hash", config)
		}
	}
}

func TestOrigin_fails_where_CloudFront_could_not_call_the_API(t *testing.T) {
	for want, test := range map[string]struct {
		authorization restapi.Authorization
		region        string
		options       *restapi.OriginOptions
	}{
		"Consumer/Api: got an origin with Authorization_IAM: CloudFront doesn't sign": {"", "eu-west-1", nil},
		"'1500 millis' cannot be converted into a whole number of seconds":            {restapi.Authorization_NONE, "eu-west-1", &restapi.OriginOptions{ReadTimeout: awscdk.Duration_Millis(jsii.Number(1500))}},
		"the API Consumer/Api is in another account or region":                        {restapi.Authorization_API_KEY, "eu-central-1", nil},
	} {
		app := newApp()
		api := newApi(newStack(app, "Consumer", "eu-west-1"), restapi.StreamingRestApiProps{Authorization: test.authorization})
		message := synthtest.Failure(t, func() {
			infra.NewEndpoint(newStack(app, "Front", test.region), jsii.String("Site"), &infra.EndpointProps{Origin: api.Origin(test.options)})
			app.Synth(nil)
		})
		if !strings.Contains(message, want) {
			t.Errorf("got %q, want %q", message, want)
		}
	}
}

func TestEndpoint_rejects_props_of_a_function_URL_with_an_Origin(t *testing.T) {
	stack := newStack(newApp(), "Consumer", "eu-west-1")
	origin := newApi(stack, restapi.StreamingRestApiProps{Authorization: restapi.Authorization_NONE}).Origin(nil)
	for i, props := range []*infra.EndpointProps{
		{Handler: infra.GoHandler("../testdata/handler")}, {Alias: &infra.AliasOptions{}}, {ReadTimeout: awscdk.Duration_Seconds(jsii.Number(1))},
	} {
		props.Origin = origin
		message := synthtest.Failure(t, func() { infra.NewEndpoint(stack, jsii.String(fmt.Sprint("Site", i)), props) })
		if !strings.Contains(message, "got Origin and also Handler, Function") {
			t.Errorf("got %q", message)
		}
	}
}

func TestEndpoint_hashes_bodies_for_function_URLs_only(t *testing.T) {
	for name, define := range map[string]func(stack awscdk.Stack, rest awscloudfront.IOrigin){
		"the origin of a function URL": func(stack awscdk.Stack, _ awscloudfront.IOrigin) {
			url := infra.NewStreamingOrigin(stack, jsii.String("Url"), &infra.StreamingOriginProps{Function: newFunction(stack)})
			infra.NewEndpoint(stack, jsii.String("Site"), &infra.EndpointProps{Origin: url.Origin})
		},
		"a function beside an API": func(stack awscdk.Stack, rest awscloudfront.IOrigin) {
			endpoint := infra.NewEndpoint(stack, jsii.String("Site"), &infra.EndpointProps{Origin: rest})
			endpoint.AddBehavior(jsii.String("Chat"), &infra.BehaviorProps{PathPattern: jsii.String("/chat/*"), Function: newFunction(stack)})
		},
	} {
		app := newApp()
		stack := newStack(app, "Consumer", "eu-west-1")
		define(stack, newApi(stack, restapi.StreamingRestApiProps{Authorization: restapi.Authorization_NONE}).Origin(nil))
		config := synthtest.Text(t, synthtest.Templates(app)["Consumer"].Only(t, "AWS::CloudFront::Distribution").Properties)
		if got := strings.Count(config, `"EventType":"origin-request"`); got != 1 {
			t.Errorf("%s: got body_hasher in %d behaviors, want 1: %s", name, got, config)
		}
	}
}
