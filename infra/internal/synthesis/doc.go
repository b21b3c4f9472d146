// Package synthesis reports at synthesis what only a whole app or stage shows, or what
// an app has set in resources after infra has defined them. It reads resources as they
// will be in templates, but for what AddPropertyOverride adds.
package synthesis

import "github.com/aws/constructs-go/constructs/v10"

// A report reports a problem of a construct. It implements constructs.IValidation.
type report struct {
	problem string
}

// Report reports a problem of a construct at synthesis: a panic in the middle of one of
// CDK's own calls would leave the jsii runtime waiting.
func Report(of constructs.IConstruct, problem string) {
	of.Node().AddValidation(&report{problem})
}

// Validate returns the problem.
func (r *report) Validate() *[]*string {
	return &[]*string{&r.problem}
}
