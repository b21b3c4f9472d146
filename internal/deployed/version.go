package deployed

import (
	"errors"
	"io"
	"net/http"
	"os"
	"regexp"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/lambda"

	"github.com/cloudfurl/cloudfurl/internal/local/assembly"
	"github.com/cloudfurl/cloudfurl/internal/local/build"
)

// versionARN matches the ARNs of versions of functions.
var versionARN = regexp.MustCompile(`^(arn:[a-z-]+:lambda:[a-z0-9-]+:[0-9]+:function:[A-Za-z0-9_-]+):([0-9]+)$`)

// A published is a version that a stack names as its function's current one, and where.
type published struct{ version, where string }

// A run is a version of a function that a distribution runs.
type run struct{ path, property, arn string }

// publish keeps a value that is the ARN of a version.
func (r *reader) publish(value, where string) {
	if match := versionARN.FindStringSubmatch(value); match != nil {
		r.published[match[1]] = append(r.published[match[1]], published{match[2], where})
	}
}

// readVersion puts a version of a Lambda@Edge function into the templates. What counts of
// its function are the settings and the code of that version.
//
// See: https://docs.aws.amazon.com/lambda/latest/api/API_GetFunction.html
func (r *reader) readVersion(arn string) {
	match := versionARN.FindStringSubmatch(arn)
	if match == nil || r.known[arn] {
		return
	}
	r.known[arn] = true
	region := arnField(arn, 3)
	function, version := r.at(typeFunction, arnField(arn, 6), region), r.at(typeVersion, arn, region)
	version.set(map[string]any{"FunctionName": match[1]})
	output, err := r.lambda(region).GetFunction(r.ctx, &lambda.GetFunctionInput{FunctionName: &function.physical, Qualifier: &match[2]})
	if r.missing(err, version, "lambda:GetFunction") {
		return
	}
	code := codeKey
	if output.Code != nil && output.Code.Location != nil {
		code = arn
		function.stack.Files[code] = func() (assembly.Asset, error) { return r.download(*output.Code.Location) }
	}
	function.configure(shape(output.Configuration), code)
	r.readRole(function)
}

// maxEdgeCode is how large the code of a Lambda@Edge function may be, in bytes.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html#limits-lambda-at-edge
const maxEdgeCode = 50 << 20

// download fetches the code of a function. One that can't be fetched isn't known, and its
// rules find nothing.
func (r *reader) download(location string) (assembly.Asset, error) {
	request, err := http.NewRequestWithContext(r.ctx, http.MethodGet, location, nil)
	if err != nil {
		return noCode()
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return noCode()
	}
	defer response.Body.Close()
	file, err := os.CreateTemp(r.temp, "code")
	if err != nil {
		return noCode()
	}
	_, err = io.Copy(file, io.LimitReader(response.Body, maxEdgeCode))
	if err = errors.Join(err, file.Close()); err != nil || response.StatusCode != http.StatusOK {
		return noCode()
	}
	return assembly.Asset{Path: file.Name(), Packaging: assembly.PackagingFile}, nil
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
