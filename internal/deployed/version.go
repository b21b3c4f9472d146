package deployed

import (
	"archive/zip"
	"io"
	"net/http"
	"os"
	"regexp"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/lambda"

	"github.com/cloudfurl/cloudfurl/internal/local/assembly"
)

// versionARN matches the ARNs of versions of functions.
var versionARN = regexp.MustCompile(`^(arn:[a-z-]+:lambda:[a-z0-9-]+:[0-9]+:function:[A-Za-z0-9_-]+):([0-9]+)$`)

// publish keeps the value of an output or the name of a resource, if it is a version.
func (r *reader) publish(value string) {
	if match := versionARN.FindStringSubmatch(value); match != nil {
		r.published[match[1]] = match[2]
	}
}

// readVersion puts the settings and the code of the version of a Lambda@Edge function that
// a distribution runs into the template of the function. It finds a version that isn't its
// stack's: that was deployed without the distribution's.
//
// See: https://docs.aws.amazon.com/lambda/latest/api/API_GetFunction.html
func (r *reader) readVersion(arn string, distribution *resource, property string) {
	match := versionARN.FindStringSubmatch(arn)
	function := r.named(typeFunction, arnField(arn, 6), arnField(arn, 3))
	if match == nil || function == nil || r.known[arn] {
		return
	}
	r.known[arn] = true
	if current := r.published[match[1]]; current != "" && current != match[2] {
		r.found("stale-version", distribution.path(), property, "runs version "+match[2]+" of "+function.path()+", which isn't the current one",
			"stack "+function.stack.Name+" has version "+current+", and was deployed without this one", "deploy both stacks: cdk deploy --all")
	}
	answer, err := r.lambda(function.stack.Region).GetFunction(r.ctx, &lambda.GetFunctionInput{FunctionName: &arn})
	if settings, ok := read[map[string]any](r, function, "lambda:GetFunction", answer, err, "Configuration"); ok {
		location, _ := read[string](r, function, "lambda:GetFunction", answer, err, "Code", "Location")
		function.stack.Files[arn] = func() (assembly.Asset, error) { return r.download(location) }
		function.configure(settings, arn)
		r.readRole(function)
	}
}

// maxEdgeCode is how large the code of a Lambda@Edge function may be, in bytes.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html#limits-lambda-at-edge
const maxEdgeCode = 50 << 20

// download fetches the code of a function. Rules about code that can't be fetched find
// nothing.
func (r *reader) download(location string) (assembly.Asset, error) {
	request, err := http.NewRequestWithContext(r.ctx, http.MethodGet, location, nil)
	if err != nil {
		return noCode()
	}
	response, err := (&http.Client{Timeout: time.Minute}).Do(request)
	if err != nil {
		return noCode()
	}
	defer response.Body.Close()
	file, err := os.CreateTemp("", "code*.zip")
	if err != nil {
		return noCode()
	}
	defer file.Close()
	size, _ := io.Copy(file, io.LimitReader(response.Body, maxEdgeCode)) // the end of an archive lists its files
	if _, err := zip.NewReader(file, size); err != nil {
		return noCode()
	}
	return assembly.Asset{Path: file.Name(), Packaging: assembly.PackagingFile}, nil
}
