package build

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/cloudfurl/cloudfurl/internal/local/cloudfront"
	"github.com/cloudfurl/cloudfurl/internal/local/lambda"
	"github.com/cloudfurl/cloudfurl/internal/local/template"
)

// edgeRegion is the only region that Lambda@Edge takes functions from.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/lambda-at-edge-function-restrictions.html
const edgeRegion = "us-east-1"

// edgeFunction returns the Lambda@Edge function whose version has the ARN, and
// what the log calls it.
func (b *builder) edgeFunction(arn string) (cloudfront.EdgeFunction, string, error) {
	version, err := b.deployment.Lookup("AWS::Lambda::Version", "Ref", arn)
	if err != nil {
		return nil, "", fmt.Errorf("LambdaFunctionAssociations: %w", err)
	}
	function, err := version.Property("FunctionName")
	if err != nil {
		return nil, "", err
	}
	r, _, err := b.functionNamed(fmt.Sprint(function))
	if err != nil {
		return nil, "", resourceError(version, "FunctionName: %w", err)
	}
	if r.Region != edgeRegion {
		b.log.Error(path(r)+" cannot run at the edge, requests that it is for are answered 503",
			"cause", "Lambda@Edge takes functions from "+edgeRegion+" only, this one is in "+r.Region+": the deployment would fail",
			"cure", "define the function in a stack in "+edgeRegion)
		return notAtEdge{r.Region}, label(r), nil
	}
	made, _, err := b.functions.of(r, true)
	if err != nil {
		return nil, "", err
	}
	return edgeInvoker{made}, label(r), nil
}

// An edgeInvoker lets a distribution call a function of package lambda.
type edgeInvoker struct {
	function *lambda.Function
}

// Invoke runs the handler and returns the whole of its result.
func (i edgeInvoker) Invoke(ctx context.Context, event []byte) ([]byte, error) {
	response, err := i.function.Invoke(ctx, event, lambda.InvokeOptions{MaxResponse: lambda.MaxBufferedResponse})
	if err != nil {
		return nil, err
	}
	result, err := io.ReadAll(response.Body)
	return result, errors.Join(err, response.Body.Close())
}

// notAtEdge stands for a function that Lambda@Edge does not take.
type notAtEdge struct {
	region string
}

// Invoke returns an error.
func (f notAtEdge) Invoke(context.Context, []byte) ([]byte, error) {
	return nil, fmt.Errorf("the function is in %s: Lambda@Edge takes functions from %s only", f.region, edgeRegion)
}

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
