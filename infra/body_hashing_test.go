package infra_test

import (
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudfront"
	"github.com/aws/jsii-runtime-go"

	"github.com/cloudfurl/cloudfurl/infra"
	"github.com/cloudfurl/cloudfurl/internal/synthtest"
)

func TestEndpoint_whose_viewers_hash_bodies_has_no_edge_stack(t *testing.T) {
	app := newApp()
	endpoint := newEndpoint(newStack(app, "Consumer", "eu-west-1"), infra.EndpointProps{BodyHashing: infra.BodyHashing_VIEWER})
	if endpoint.BodyHasher != nil {
		t.Error("got a BodyHasher, want none")
	}
	templates := synthtest.Templates(app)
	if len(templates) != 1 {
		t.Errorf("got %d stacks, want Consumer alone", len(templates))
	}
	behavior := synthtest.At(t, templates["Consumer"].Only(t, "AWS::CloudFront::Distribution").Properties, "DistributionConfig", "DefaultCacheBehavior")
	if _, ok := behavior.(map[string]any)["LambdaFunctionAssociations"]; ok {
		t.Error("got a Lambda@Edge function, want none")
	}
	if got := len(synthtest.At(t, behavior, "AllowedMethods").([]any)); got != 7 {
		t.Errorf("got %d methods, want all 7", got)
	}
	if code := viewerCode(t, templates["Consumer"]); !strings.Contains(code, "return [removeForged, requireHash, keepOriginals];") {
		t.Errorf("got %s, want bodies without a hash rejected", code)
	}
}

// functions returns the logical ids of the viewer functions of a distribution's
// behaviors, the default one first, and whether they run body_hasher.
func functions(t *testing.T, consumer synthtest.Template) (ids []string, hashed []bool) {
	t.Helper()
	config := synthtest.At(t, consumer.Only(t, "AWS::CloudFront::Distribution").Properties, "DistributionConfig")
	behaviors := append([]any{synthtest.At(t, config, "DefaultCacheBehavior")}, synthtest.At(t, config, "CacheBehaviors").([]any)...)
	for _, behavior := range behaviors {
		ids = append(ids, synthtest.At(t, behavior, "FunctionAssociations", 0, "FunctionARN", "Fn::GetAtt", 0).(string))
		_, ok := behavior.(map[string]any)["LambdaFunctionAssociations"]
		hashed = append(hashed, ok)
	}
	return ids, hashed
}

func TestBehaviors_may_hash_bodies_elsewhere_than_their_endpoint(t *testing.T) {
	for endpointHashing, other := range map[infra.BodyHashing]infra.BodyHashing{
		infra.BodyHashing_EDGE:   infra.BodyHashing_VIEWER,
		infra.BodyHashing_VIEWER: infra.BodyHashing_EDGE,
	} {
		t.Run(string(endpointHashing), func(t *testing.T) {
			app := newApp()
			endpoint := newEndpoint(newStack(app, "Consumer", "eu-west-1"), infra.EndpointProps{BodyHashing: endpointHashing})
			add := func(id string, props infra.BehaviorProps) {
				props.PathPattern, props.Handler = jsii.String("/"+id), infra.GoHandler("./testdata/handler")
				endpoint.AddBehavior(jsii.String(id), &props)
			}
			add("Same", infra.BehaviorProps{})
			add("Other", infra.BehaviorProps{BodyHashing: other})
			add("Again", infra.BehaviorProps{BodyHashing: other})
			add("Read", infra.BehaviorProps{BodyHashing: other, AllowedMethods: awscloudfront.AllowedMethods_ALLOW_GET_HEAD()})
			ids, hashed := functions(t, synthtest.Templates(app)["Consumer"])

			own, elsewhere := ids[0], ids[2]
			for i, want := range []string{own, own, elsewhere, elsewhere, own} {
				if ids[i] != want {
					t.Errorf("behavior %d: got %s, want %s", i, ids[i], want)
				}
			}
			if own == elsewhere {
				t.Error("got one function for both, want one each")
			}
			atEdge := endpointHashing == infra.BodyHashing_EDGE
			for i, want := range []bool{atEdge, atEdge, !atEdge, !atEdge, false} {
				if hashed[i] != want {
					t.Errorf("behavior %d: got body_hasher %v, want %v", i, hashed[i], want)
				}
			}
		})
	}
}

const versionArn = "arn:aws:lambda:us-east-1:111122223333:function:body-hasher:7"

func TestBodyHasher_FromVersionArn_needs_no_edge_stack(t *testing.T) {
	app := newApp()
	stack := newStack(app, "Consumer", "eu-west-1")
	hasher := infra.BodyHasher_FromVersionArn(stack, jsii.String("Hasher"), jsii.String(versionArn))
	newEndpoint(stack, infra.EndpointProps{BodyHasher: hasher})
	templates := synthtest.Templates(app)
	if len(templates) != 1 {
		t.Errorf("got %d stacks, want Consumer alone", len(templates))
	}
	if got := hasherARN(t, templates["Consumer"]); got != versionArn {
		t.Errorf("got version %v, want %s", got, versionArn)
	}
}

func TestBodyHasher_FromVersionArn_accepts_tokens_and_other_stages(t *testing.T) {
	app := newApp()
	stack := newStack(app, "Consumer", "us-east-1")
	parameter := awscdk.NewCfnParameter(stack, jsii.String("Hasher"), nil)
	newEndpoint(stack, infra.EndpointProps{
		BodyHasher: infra.BodyHasher_FromVersionArn(app, jsii.String("Shared"), parameter.ValueAsString()),
	})
	if got := synthtest.At(t, hasherARN(t, synthtest.Templates(app)["Consumer"]), "Ref"); got != "Hasher" {
		t.Errorf("got version %v, want the parameter", got)
	}
}

func TestBodyHasher_FromVersionArn_rejects_what_CloudFront_cannot_run(t *testing.T) {
	for _, arn := range []string{
		"",
		"arn:aws:s3:::bucket",
		"arn:aws:lambda:eu-west-1:111122223333:function:body-hasher:7",
		"arn:aws-cn:lambda:cn-north-1:111122223333:function:body-hasher:7",
		"arn:aws:lambda:us-east-1:111122223333:function:body-hasher",
		"arn:aws:lambda:us-east-1:111122223333:function:body-hasher:$LATEST",
		"arn:aws:lambda:us-east-1:111122223333:function:body-hasher:live",
		"arn:aws:lambda:us-east-1:1111:function:body-hasher:7",
	} {
		message := synthtest.Failure(t, func() {
			infra.BodyHasher_FromVersionArn(newStack(newApp(), "Consumer", ""), jsii.String("Hasher"), jsii.String(arn))
		})
		if want := "Consumer/Hasher: got version ARN " + arn + ": CloudFront runs numbered versions in us-east-1 of partition aws only"; !strings.HasPrefix(message, want) {
			t.Errorf("%s: got %q, want %q", arn, message, want)
		}
	}
}

func TestBodyHasher_FromVersionArn_rejects_stacks_of_other_accounts(t *testing.T) {
	app := newApp()
	stack := awscdk.NewStack(app, jsii.String("Consumer"), &awscdk.StackProps{
		Env: &awscdk.Environment{Account: jsii.String("444455556666"), Region: jsii.String("eu-west-1")},
	})
	hasher := infra.BodyHasher_FromVersionArn(stack, jsii.String("Hasher"), jsii.String(versionArn))
	message := synthtest.Failure(t, func() { newEndpoint(stack, infra.EndpointProps{BodyHasher: hasher}) })
	if !strings.Contains(message, "account 111122223333") || !strings.Contains(message, "444455556666") {
		t.Errorf("got %q, want both accounts", message)
	}
}
