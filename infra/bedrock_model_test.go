package infra_test

import (
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/jsii-runtime-go"

	"github.com/cloudfurl/cloudfurl/infra"
	"github.com/cloudfurl/cloudfurl/internal/synthtest"
)

// granted returns the statements of a function's role that are about Bedrock, with
// names in place of the intrinsic functions for partition, region and account.
func granted(t *testing.T, template synthtest.Template) string {
	t.Helper()
	var found []string
	for _, policy := range template.Resources("AWS::IAM::Policy") {
		for _, statement := range synthtest.At(t, policy.Properties, "PolicyDocument", "Statement").([]any) {
			if text := synthtest.Text(t, statement); strings.Contains(text, "bedrock:") {
				found = append(found, text)
			}
		}
	}
	// In this order, because the last one matches within the one before it.
	return strings.NewReplacer(
		`"arn:",{"Ref":"AWS::Partition"},"`, `"arn:PARTITION`,
		`",{"Ref":"AWS::AccountId"},"`, "ACCOUNT",
		`",{"Ref":"AWS::Region"},"`, "REGION",
		`{"Ref":"AWS::Region"}`, `"REGION"`,
	).Replace(strings.Join(found, "\n"))
}

func TestBedrockModel_permits_the_model_and_nothing_else(t *testing.T) {
	const action = `{"Action":"bedrock:InvokeModelWithResponseStream",`
	for name, c := range map[string]struct {
		region string
		model  infra.BedrockModelProps
		want   []string
	}{
		"a foundation model": {"eu-west-1", infra.BedrockModelProps{ModelId: jsii.String("amazon.nova-lite-v1:0")}, []string{
			action + `"Effect":"Allow","Resource":{"Fn::Join":["",["arn:PARTITION:bedrock:eu-west-1::foundation-model/amazon.nova-lite-v1:0"]]}}`,
		}},
		"one whose name has dots": {"", infra.BedrockModelProps{ModelId: jsii.String("openai.gpt-oss-1.5")}, []string{
			action + `"Effect":"Allow","Resource":{"Fn::Join":["",["arn:PARTITION:bedrock:REGION::foundation-model/openai.gpt-oss-1.5"]]}}`,
		}},
		"an ARN": {"eu-west-1", infra.BedrockModelProps{ModelId: jsii.String("arn:aws:bedrock:eu-west-1::foundation-model/amazon.nova-lite-v1:0")}, []string{
			action + `"Effect":"Allow","Resource":"arn:aws:bedrock:eu-west-1::foundation-model/amazon.nova-lite-v1:0"}`,
		}},
		"provisioned throughput": {"eu-west-1", infra.BedrockModelProps{ModelId: jsii.String("arn:aws:bedrock:eu-west-1:111122223333:provisioned-model/abc123")}, []string{
			action + `"Effect":"Allow","Resource":"arn:aws:bedrock:eu-west-1:111122223333:provisioned-model/abc123"}`,
		}},
		"an inference profile": {"us-east-1", infra.BedrockModelProps{
			ModelId:            jsii.String("us.amazon.nova-lite-v1:0"),
			DestinationRegions: jsii.Strings("us-east-1", "us-east-2", "us-west-2"),
		}, []string{
			action + `"Effect":"Allow","Resource":{"Fn::Join":["",["arn:PARTITION:bedrock:us-east-1:ACCOUNT:inference-profile/us.amazon.nova-lite-v1:0"]]}}`,
			action + `"Condition":{"StringEquals":{"bedrock:InferenceProfileArn":{"Fn::Join":["",["arn:PARTITION:bedrock:us-east-1:ACCOUNT:inference-profile/us.amazon.nova-lite-v1:0"]]}}},"Effect":"Allow","Resource":[` +
				`{"Fn::Join":["",["arn:PARTITION:bedrock:us-east-1::foundation-model/amazon.nova-lite-v1:0"]]},` +
				`{"Fn::Join":["",["arn:PARTITION:bedrock:us-east-2::foundation-model/amazon.nova-lite-v1:0"]]},` +
				`{"Fn::Join":["",["arn:PARTITION:bedrock:us-west-2::foundation-model/amazon.nova-lite-v1:0"]]}]}`,
		}},
		"one of another partition": {"us-gov-west-1", infra.BedrockModelProps{
			ModelId:            jsii.String("arn:aws-us-gov:bedrock:us-gov-west-1:111122223333:inference-profile/us-gov.anthropic.claude-3-haiku-20240307-v1:0"),
			DestinationRegions: jsii.Strings("us-gov-east-1"),
		}, []string{
			action + `"Effect":"Allow","Resource":"arn:aws-us-gov:bedrock:us-gov-west-1:111122223333:inference-profile/us-gov.anthropic.claude-3-haiku-20240307-v1:0"}`,
			action + `"Condition":{"StringEquals":{"bedrock:InferenceProfileArn":"arn:aws-us-gov:bedrock:us-gov-west-1:111122223333:inference-profile/us-gov.anthropic.claude-3-haiku-20240307-v1:0"}},"Effect":"Allow","Resource":[` +
				`{"Fn::Join":["",["arn:PARTITION:bedrock:us-gov-west-1::foundation-model/anthropic.claude-3-haiku-20240307-v1:0"]]},` +
				`{"Fn::Join":["",["arn:PARTITION:bedrock:us-gov-east-1::foundation-model/anthropic.claude-3-haiku-20240307-v1:0"]]}]}`,
		}},
		"a global inference profile": {"", infra.BedrockModelProps{ModelId: jsii.String("global.anthropic.claude-sonnet-4-5-20250929-v1:0")}, []string{
			action + `"Effect":"Allow","Resource":{"Fn::Join":["",["arn:PARTITION:bedrock:REGION:ACCOUNT:inference-profile/global.anthropic.claude-sonnet-4-5-20250929-v1:0"]]}}`,
			action + `"Condition":{"StringEquals":{"aws:RequestedRegion":"REGION","bedrock:InferenceProfileArn":{"Fn::Join":["",["arn:PARTITION:bedrock:REGION:ACCOUNT:inference-profile/global.anthropic.claude-sonnet-4-5-20250929-v1:0"]]}}},"Effect":"Allow",` +
				`"Resource":{"Fn::Join":["",["arn:PARTITION:bedrock:REGION::foundation-model/anthropic.claude-sonnet-4-5-20250929-v1:0"]]}}`,
			action + `"Condition":{"StringEquals":{"aws:RequestedRegion":"unspecified","bedrock:InferenceProfileArn":{"Fn::Join":["",["arn:PARTITION:bedrock:REGION:ACCOUNT:inference-profile/global.anthropic.claude-sonnet-4-5-20250929-v1:0"]]}}},"Effect":"Allow",` +
				`"Resource":{"Fn::Join":["",["arn:PARTITION:bedrock:::foundation-model/anthropic.claude-sonnet-4-5-20250929-v1:0"]]}}`,
		}},
		"an application inference profile": {"eu-west-1", infra.BedrockModelProps{
			ModelId:           jsii.String("arn:aws:bedrock:eu-west-1:111122223333:application-inference-profile/abc123"),
			FoundationModelId: jsii.String("amazon.nova-lite-v1:0"),
		}, []string{
			action + `"Effect":"Allow","Resource":"arn:aws:bedrock:eu-west-1:111122223333:application-inference-profile/abc123"}`,
			action + `"Condition":{"StringEquals":{"bedrock:InferenceProfileArn":"arn:aws:bedrock:eu-west-1:111122223333:application-inference-profile/abc123"}},"Effect":"Allow",` +
				`"Resource":{"Fn::Join":["",["arn:PARTITION:bedrock:eu-west-1::foundation-model/amazon.nova-lite-v1:0"]]}}`,
		}},
	} {
		t.Run(name, func(t *testing.T) {
			app := newApp()
			stack := newStack(app, "Consumer", c.region)
			handler := infra.NewHandlerFunction(stack, jsii.String("Handler"), &infra.HandlerFunctionProps{Handler: infra.GoHandler("./testdata/handler")})
			infra.NewBedrockModel(stack, jsii.String("Model"), &c.model).GrantInvokeWithResponseStream(handler.Function)
			consumer := synthtest.Templates(app)["Consumer"]
			if got, want := granted(t, consumer), strings.Join(c.want, "\n"); got != want {
				t.Errorf("got\n%s\nwant\n%s", got, want)
			}
			function := consumer.Only(t, "AWS::Lambda::Function").Properties
			if function["Environment"] != nil {
				t.Errorf("got %v, want a grant that changes no variables", function["Environment"])
			}
			if function["Timeout"] != 300.0 {
				t.Errorf("got a timeout of %v s, want 5 minutes", function["Timeout"])
			}
		})
	}
}

func TestBedrockModel_takes_an_ARN_of_the_deployment_and_grants_beside_others(t *testing.T) {
	app := newApp()
	stack := newStack(app, "Consumer", "eu-west-1")
	profile := awscdk.NewCfnParameter(stack, jsii.String("Profile"), nil).ValueAsString()
	endpoint := newEndpoint(stack, infra.EndpointProps{})
	for id, props := range map[string]*infra.BedrockModelProps{
		"Lite":  {ModelId: profile, FoundationModelId: jsii.String("amazon.nova-lite-v1:0"), DestinationRegions: jsii.Strings("global")},
		"Micro": {ModelId: jsii.String("amazon.nova-micro-v1:0")},
	} {
		model := infra.NewBedrockModel(stack, jsii.String(id), props)
		if grant := model.GrantInvokeWithResponseStream(endpoint.Function); !*grant.Success() || model.ModelId != props.ModelId {
			t.Errorf("%s: got a grant without success, or the id %s", id, *model.ModelId)
		}
	}
	consumer := synthtest.Templates(app)["Consumer"]
	got := granted(t, consumer)
	for _, want := range []string{
		`{"Ref":"Profile"}`, `"unspecified"`, `bedrock:::foundation-model/amazon.nova-lite-v1:0`, `bedrock:eu-west-1::foundation-model/amazon.nova-micro-v1:0`,
	} {
		if !strings.Contains(got, want) {
			t.Errorf("got %s, want %s in it", got, want)
		}
	}
	if strings.Contains(got, "*") {
		t.Errorf("got %s, want no wildcards", got)
	}
}

func TestBedrockModel_says_what_is_wrong(t *testing.T) {
	const application = "arn:aws:bedrock:eu-west-1:111122223333:application-inference-profile/abc123"
	for name, c := range map[string]struct {
		props *infra.BedrockModelProps
		want  string
	}{
		"nil":                      {nil, "got a model without ModelId: set an id or an ARN"},
		"no id":                    {&infra.BedrockModelProps{}, "got a model without ModelId: set an id or an ARN"},
		"a wildcard":               {&infra.BedrockModelProps{ModelId: jsii.String("arn:aws:bedrock:*::foundation-model/*")}, "use one model without wildcards"},
		"a name":                   {&infra.BedrockModelProps{ModelId: jsii.String("Claude 3")}, `got ModelId "Claude 3": use an id such as "amazon.nova-lite-v1:0"`},
		"another service":          {&infra.BedrockModelProps{ModelId: jsii.String("arn:aws:sagemaker:eu-west-1:111122223333:endpoint/a")}, "use an id such as"},
		"a prompt router":          {&infra.BedrockModelProps{ModelId: jsii.String("arn:aws:bedrock:eu-west-1:111122223333:default-prompt-router/a:1")}, "use an id such as"},
		"another region":           {&infra.BedrockModelProps{ModelId: jsii.String("arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-lite-v1:0")}, "for a stack in eu-west-1, of partition aws: use a model of that region"},
		"another partition":        {&infra.BedrockModelProps{ModelId: jsii.String("arn:aws-cn:bedrock:eu-west-1::foundation-model/amazon.nova-lite-v1:0")}, "of partition aws: use a model of that region"},
		"a profile":                {&infra.BedrockModelProps{ModelId: jsii.String("eu.amazon.nova-lite-v1:0")}, "got the inference profile eu.amazon.nova-lite-v1:0 without DestinationRegions: set the regions that `aws bedrock get-inference-profile --inference-profile-identifier eu.amazon.nova-lite-v1:0` shows"},
		"no regions":               {&infra.BedrockModelProps{ModelId: jsii.String("eu.amazon.nova-lite-v1:0"), DestinationRegions: jsii.Strings()}, "got no DestinationRegions for eu.amazon.nova-lite-v1:0: set at least one"},
		"a region with a wildcard": {&infra.BedrockModelProps{ModelId: jsii.String("eu.amazon.nova-lite-v1:0"), DestinationRegions: jsii.Strings("eu-*")}, `got DestinationRegions with "eu-*": use names of regions`},
		"no model behind":          {&infra.BedrockModelProps{ModelId: jsii.String(application)}, "got the inference profile " + application + " with the foundation model \"\": set FoundationModelId"},
		"a strange model behind":   {&infra.BedrockModelProps{ModelId: jsii.String(application), FoundationModelId: jsii.String("*")}, `with the foundation model "*": set FoundationModelId`},
		"no geography":             {&infra.BedrockModelProps{ModelId: jsii.String("amazon.nova-lite-v1:0"), DestinationRegions: jsii.Strings("eu-west-1")}, "got the inference profile amazon.nova-lite-v1:0 with the foundation model"},
		"a nil region":             {&infra.BedrockModelProps{ModelId: jsii.String("eu.amazon.nova-lite-v1:0"), DestinationRegions: &[]*string{nil}}, "got nil in DestinationRegions"},
	} {
		t.Run(name, func(t *testing.T) {
			stack := newStack(newApp(), "Consumer", "eu-west-1")
			message := synthtest.Failure(t, func() { infra.NewBedrockModel(stack, jsii.String("Model"), c.props) })
			if !strings.HasPrefix(message, "Consumer/Model: got ") || !strings.Contains(message, c.want) {
				t.Errorf("got %q, want %q", message, c.want)
			}
		})
	}
}

func TestBedrockModel_rejects_grantees_without_a_policy(t *testing.T) {
	stack := newStack(newApp(), "Consumer", "eu-west-1")
	model := infra.NewBedrockModel(stack, jsii.String("Model"), &infra.BedrockModelProps{ModelId: jsii.String("amazon.nova-lite-v1:0")})
	imported := awslambda.Function_FromFunctionArn(stack, jsii.String("Imported"), jsii.String("arn:aws:lambda:eu-west-1:111122223333:function:chat"))
	for want, grantee := range map[string]awsiam.IGrantable{
		"got no grantee: pass a function or a role": nil,
		"import the function with its Role":         imported,
		"without a policy to add to: pass a role":   awsiam.NewArnPrincipal(jsii.String("arn:aws:iam::111122223333:role/chat")),
	} {
		message := synthtest.Failure(t, func() { model.GrantInvokeWithResponseStream(grantee) })
		if !strings.HasPrefix(message, "Consumer/Model: GrantInvokeWithResponseStream ") || !strings.Contains(message, want) {
			t.Errorf("got %q, want %q", message, want)
		}
	}
}
