package shapes

import (
	"net/http"
	"testing"
)

func TestReferences_resolve_the_hasher_across_regions(t *testing.T) {
	for _, name := range []string{"EdgeFunction", "Strong", "Weak"} {
		t.Run(name, func(t *testing.T) {
			e := serve(t, shape(name))
			got := e.send(t, http.MethodPut, "/item", "the body", "Content-Type", "text/plain")
			if got.status != http.StatusOK {
				t.Fatalf("got %d %s, want 200", got.status, got.body)
			}
			saw := read[seen](t, got)
			if saw.Body != "the body" || saw.Headers["x-amz-content-sha256"] == "" {
				t.Errorf("got %+v, want the body and its hash", saw)
			}
		})
	}
}

func TestReferences_that_cannot_be_resolved_are_named(t *testing.T) {
	for _, test := range []struct {
		shape  string
		change func(template map[string]any)
		want   []string
	}{
		{
			"EdgeFunction",
			each("AWS::SSM::Parameter", func(properties map[string]any) { properties["Name"] = "renamed" }),
			[]string{"EdgeFunction/Site/Distribution, DistributionConfig.DefaultCacheBehavior", "LambdaFunctionARN", `"/cdk/EdgeFunctionArn/ap-northeast-1/`, "us-east-1", "use renamed"},
		},
		{
			"Strong",
			each("Custom::CrossRegionExportWriter", func(properties map[string]any) {
				properties["WriterProps"].(map[string]any)["exports"] = map[string]any{}
			}),
			[]string{"Strong/Site/ExportsReader", "ap-northeast-1", "needed by Strong/Site/Distribution", "LambdaFunctionARN"},
		},
		{
			"Weak",
			func(template map[string]any) { delete(template, "Outputs") },
			[]string{"Weak/Site/Distribution", "Fn::GetStackOutput", "has no output"},
		},
		{
			"Template",
			func(template map[string]any) { delete(template, "Outputs") },
			[]string{"Fn::ImportValue", "no stack exports", "eu-west-1"},
		},
	} {
		t.Run(test.shape, func(t *testing.T) {
			assembly := changed(t, test.shape, test.change)
			if test.shape == "Weak" { // a mistake: the app has the stack, but not its output
				openFails(t, assembly, test.want...)
				return
			}
			leavesOut(t, assembly, test.want...)
		})
	}
}
