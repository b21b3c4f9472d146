package infra_test

import (
	"strings"
	"testing"

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
