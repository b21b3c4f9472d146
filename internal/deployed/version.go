package deployed

import (
	"regexp"
	"strings"

	"github.com/cloudfurl/cloudfurl/internal/local/build"
)

// versionARN matches the ARNs of versions of functions.
var versionARN = regexp.MustCompile(`^(arn:[a-z-]+:lambda:[a-z0-9-]+:[0-9]+:function:[A-Za-z0-9_-]+):([0-9]+)$`)

// A published is a version that a stack names as its function's current one, and where.
type published struct{ version, where string }

// An edge is a version of a function that a distribution runs.
type edge struct{ path, property, arn string }

// publish keeps a value that is the ARN of a version.
func (r *reader) publish(value, where string) {
	if match := versionARN.FindStringSubmatch(value); match != nil {
		r.published[match[1]] = append(r.published[match[1]], published{match[2], where})
	}
}

// readVersion puts a version of a Lambda@Edge function into the templates. What counts of
// its function are the settings of that version.
func (r *reader) readVersion(arn string) {
	match := versionARN.FindStringSubmatch(arn)
	if match == nil {
		return
	}
	function := r.at(typeFunction, arnField(arn, 6), arnField(arn, 3))
	r.readFunction(function, match[2])
	r.readRole(function)
	r.at(typeVersion, arn, arnField(arn, 3)).set(map[string]any{"FunctionName": match[1]})
}

// checkVersions finds distributions that run another version than the one that the stack
// of the function has: its stack was deployed without theirs.
func (r *reader) checkVersions() {
	for _, e := range r.edges {
		match := versionARN.FindStringSubmatch(e.arn)
		if match == nil {
			continue
		}
		current := r.published[match[1]]
		var names []string
		for _, p := range current {
			if p.version == match[2] {
				names = nil
				break
			}
			names = append(names, p.where+" has version "+p.version)
		}
		if len(names) > 0 {
			r.found(build.Finding{Rule: "stale-version", Path: e.path, Property: e.property,
				Happens: "runs version " + match[2] + " of " + arnField(e.arn, 6) + ", which isn't the current one",
				Cause:   strings.Join(names, ", "), Hint: "deploy both stacks: cdk deploy --all"})
		}
	}
}
