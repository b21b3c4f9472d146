package build

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/cloudfurl/cloudfurl/internal/fault"
	"github.com/cloudfurl/cloudfurl/internal/local/cloudfront"
	"github.com/cloudfurl/cloudfurl/internal/local/lambda"
	"github.com/cloudfurl/cloudfurl/internal/local/spool"
	"github.com/cloudfurl/cloudfurl/internal/local/template"
	"github.com/cloudfurl/cloudfurl/internal/local/trace"
)

// edgeRegion is the region that Lambda@Edge functions must be in.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/lambda-at-edge-function-restrictions.html
const edgeRegion = "us-east-1"

// numberedVersion matches the ARNs of functions that Lambda@Edge takes.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/lambda-at-edge-function-restrictions.html
var numberedVersion = regexp.MustCompile(`:[0-9]+$`)

// edgeFunction returns the Lambda@Edge function whose version has the ARN, and its
// construct path.
func (b *builder) edgeFunction(arn string) (edge cloudfront.EdgeAssociation, path string, err error) {
	r, err := b.versionedFunction(arn)
	if err != nil {
		return edge, "", err
	}
	edge.Name = label(r)
	if r.Region != edgeRegion && !b.imported[arn] {
		elsewhere := wrong(r, "", "define the function in a stack in "+edgeRegion, "Lambda@Edge runs functions from %s only, this one is in %s", edgeRegion, r.Region)
		b.foundAt("edge-region", noEdgeFunction, elsewhere)
		edge.Function = func(_ context.Context, event *spool.Document) ([]byte, error) {
			event.Close()
			return nil, elsewhere
		}
		return edge, r.Path, nil
	}
	made, err := b.functions.of(r, true)
	if err != nil {
		return edge, r.Path, err
	}
	edge.Function, edge.Mentions = atEdge(made), sourceOf(made.config)
	return edge, r.Path, nil
}

const noEdgeFunction = "can't be deployed as an edge function"

// versionedFunction returns the function whose version has the ARN, or the one of
// Options.Functions.
func (b *builder) versionedFunction(arn string) (*template.Resource, error) {
	version, err := b.deployment.Lookup("AWS::Lambda::Version", "Ref", arn)
	if errors.Is(err, template.ErrUnsupported) {
		r, _, err := b.functionNamed(arn)
		return r, err
	}
	if err != nil {
		return nil, err
	}
	function, err := version.Text("FunctionName")
	if err != nil {
		return nil, err
	}
	r, _, err := b.functionNamed(function)
	return r, fault.At(version.Path, fault.In("FunctionName", err))
}

// atEdge returns how a distribution runs a function: for the whole of its result.
func atEdge(f *function) cloudfront.EdgeFunction {
	return func(ctx context.Context, event *spool.Document) ([]byte, error) {
		if f.stub != nil {
			return f.stub.edgeFunction(ctx, event)
		}
		response, err := f.invoke(ctx, event, lambda.InvokeOptions{MaxResponse: lambda.MaxBufferedResponse})
		if err != nil {
			return nil, err
		}
		trace.FromContext(ctx).Ran(response.Environment, response.Cold)
		result, err := io.ReadAll(response.Body)
		return result, errors.Join(err, response.Body.Close())
	}
}

// maxEdgeTimeout is the longest timeout that an edge function may have, in
// seconds, at every event. Older pages say 5 at viewer events.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html#limits-lambda-at-edge
const maxEdgeTimeout = 30

// edgePrincipal is the service that has to be able to assume the role of an edge
// function, beside lambda.amazonaws.com.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/lambda-edge-permissions.html
const edgePrincipal = "edgelambda.amazonaws.com"

// maxEdgeStorage is the largest EphemeralStorage of an edge function, in MB.
const maxEdgeStorage = 512

// checkEdgeFunction finds which settings of a function Lambda@Edge rejects. The
// deployment would fail; here the function runs.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/lambda-at-edge-function-restrictions.html
func (f *functions) checkEdgeFunction(r *template.Resource, p functionProperties) {
	var rejected []string
	for _, restriction := range []struct {
		name  string
		holds bool
	}{
		{"environment variables", len(p.Environment.Variables) > 0},
		{"layers", len(p.Layers) > 0},
		{"the architecture arm64", slices.Contains(p.Architectures, "arm64")},
		{"a container image", p.Code.isImage()},
		{"the runtime " + p.Runtime, p.Runtime != "" && !strings.HasPrefix(p.Runtime, "nodejs") && !strings.HasPrefix(p.Runtime, "python")},
		{"a timeout over 30 s", p.Timeout > maxEdgeTimeout},
		{"a VPC", bool(p.VpcConfig)},
		{"a dead letter queue", bool(p.DeadLetterConfig)},
		{"active tracing", p.TracingConfig.Mode == "Active"},
		{"an EphemeralStorage over 512 MB", p.EphemeralStorage.Size > maxEdgeStorage},
	} {
		if restriction.holds {
			rejected = append(rejected, restriction.name)
		}
	}
	if role, err := p.Role.Value(); err == nil && role != nil && !f.trustsEdge(fmt.Sprint(role)) {
		f.foundAt("edge-role", noEdgeFunction, wrong(r, "Role", "let the role's AssumeRolePolicyDocument trust lambda.amazonaws.com and "+edgePrincipal,
			"%s can't assume its role", edgePrincipal))
	}
	if len(rejected) > 0 {
		f.foundAt("edge-settings", noEdgeFunction, wrong(r, "", "define the function without", "Lambda@Edge rejects functions with %s", strings.Join(rejected, ", ")))
	}
}

// sourceOf returns what tells whether the code of a function mentions a text, nil if
// its handler isn't in one file of its own.
func sourceOf(config lambda.Config) func(text string) bool {
	name, _, _ := strings.Cut(config.Handler, ".")
	files, err := filepath.Glob(filepath.Join(config.CodeDir, name+".*"))
	if err != nil || len(files) != 1 {
		return nil
	}
	code, err := os.ReadFile(files[0])
	if err != nil || bytes.Contains(code, []byte("'./")) || bytes.Contains(code, []byte(`"./`)) || bytes.Contains(code, []byte("from .")) {
		return nil
	}
	return func(text string) bool { return bytes.Contains(code, []byte(text)) }
}
