package shapes

import (
	"net/http"
	"strings"
	"testing"
)

// parameters changes the defaults of a template's parameters.
func parameters(defaults map[string]any) func(map[string]any) {
	return func(template map[string]any) {
		declared, _ := template["Parameters"].(map[string]any)
		for name, value := range defaults {
			if parameter, ok := declared[name].(map[string]any); ok {
				parameter["Default"] = value
			}
		}
	}
}

func TestTemplate_evaluates_parameters_mappings_and_nested_conditions(t *testing.T) {
	for want, defaults := range map[string]map[string]any{
		"hello from Ireland":      {},
		"welcome":                 {"Tier": "paid"},
		"welcome, all 300 of you": {"Tier": "paid", "Seats": 300},
	} {
		t.Run(want, func(t *testing.T) {
			e := serve(t, changed(t, "Template", parameters(defaults)))
			got := e.get(t, "/")
			if got.status != http.StatusOK {
				t.Fatalf("got %d %s, want 200", got.status, got.body)
			}
			if got := read[seen](t, got).Greeting; got != want {
				t.Errorf("got the greeting %q, want %q", got, want)
			}
		})
	}
}

func TestTemplate_omits_resources_whose_condition_is_false(t *testing.T) {
	e := serve(t, changed(t, "Template", parameters(map[string]any{"Closed": "yes"})))
	got := e.get(t, "/")
	if got.status != http.StatusForbidden || !strings.Contains(got.body, "urls-auth.html") {
		t.Errorf("got %d %s, want 403 without the conditional permission", got.status, got.body)
	}
}

func TestTemplate_leaves_out_a_distribution_with_an_unknown_intrinsic(t *testing.T) {
	leavesOut(t, changed(t, "Template", each("AWS::CloudFront::Distribution", func(properties map[string]any) {
		properties["DistributionConfig"].(map[string]any)["DefaultRootObject"] = map[string]any{"Fn::Guess": "it"}
	})), "Template/Site/Distribution", "DefaultRootObject", "Fn::Guess")
}

func TestTemplate_rejects_what_it_cannot_evaluate(t *testing.T) {
	for name, test := range map[string]struct {
		change func(template map[string]any)
		want   []string
	}{
		"an unknown property": {
			each("AWS::CloudFront::Distribution", func(properties map[string]any) {
				properties["DistributionConfig"].(map[string]any)["Teleport"] = true
			}),
			[]string{"Template/Site/Distribution", "Teleport"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			openFails(t, changed(t, "Template", test.change), test.want...)
		})
	}
}
