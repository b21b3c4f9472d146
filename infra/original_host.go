package infra

import (
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudfront"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/cloudfurl/cloudfurl/edge"
)

// OriginalHostProps are the properties of an OriginalHost. There are none yet.
type OriginalHostProps struct{}

// An OriginalHost defines the CloudFront Function original_host. At
// viewer-request it copies Host to X-Original-Host and Authorization to
// X-Original-Authorization, which a function URL wouldn't receive, and removes
// Accept-Encoding, because a stream must not be compressed.
//
// It overwrites or removes what a viewer sends under the two X-Original names,
// also with underscores for hyphens, so a handler behind the distribution can
// trust them.
type OriginalHost struct {
	constructs.Construct

	// Function is the CloudFront Function, on the runtime cloudfront-js-2.0. Its
	// name is unique over regions and stacks.
	Function awscloudfront.Function
}

// NewOriginalHost defines an OriginalHost. The props may be nil.
func NewOriginalHost(scope constructs.Construct, id *string, _ *OriginalHostProps) *OriginalHost {
	defer within(scope, id)
	h := new(OriginalHost)
	constructs.NewConstruct_Override(h, scope, id)
	h.Function = awscloudfront.NewFunction(h, jsii.String("Function"), &awscloudfront.FunctionProps{
		Code:         awscloudfront.FunctionCode_FromInline(jsii.String(edge.OriginalHost)),
		Runtime:      awscloudfront.FunctionRuntime_JS_2_0(),
		FunctionName: globalName(h),
		Comment:      jsii.String("Keeps the viewer's Host and Authorization"),
	})
	return h
}

// ToString returns the construct's path.
func (h *OriginalHost) ToString() *string {
	return h.Node().Path()
}
