package local

import (
	"slices"
	"strings"

	"github.com/cloudfurl/cloudfurl/internal/local/template"
)

// maxEdgeTimeout is the longest timeout that an edge function may have, in
// seconds: at the origin events. At the viewer events it is 5.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html#limits-lambda-at-edge
const maxEdgeTimeout = 30

// adviseEdgeFunction says for what of a function CloudFront refuses to take it
// to the edge. The deployment would fail; here it runs all the same.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/lambda-at-edge-function-restrictions.html
func (f *functions) adviseEdgeFunction(r *template.Resource, p functionProperties) {
	tracing, _ := p.TracingConfig.(map[string]any)
	var refused []string
	for _, restriction := range []struct {
		name  string
		holds bool
	}{
		{"environment variables", len(p.Environment.Variables) > 0},
		{"the architecture arm64", slices.Contains(p.Architectures, "arm64")},
		{"the runtime " + p.Runtime, !strings.HasPrefix(p.Runtime, "nodejs") && !strings.HasPrefix(p.Runtime, "python")},
		{"a timeout over 30 s", p.Timeout > maxEdgeTimeout},
		{"a VPC", p.VpcConfig != nil},
		{"a dead letter queue", p.DeadLetterConfig != nil},
		{"active tracing", tracing["Mode"] == "Active"},
	} {
		if restriction.holds {
			refused = append(refused, restriction.name)
		}
	}
	if len(refused) > 0 {
		f.log.Error(path(r)+" could not be deployed as an edge function, and runs here all the same",
			"cause", "CloudFront takes no function with "+strings.Join(refused, ", "),
			"cure", "define the function without")
	}
}
