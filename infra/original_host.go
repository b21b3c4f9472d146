package infra

import (
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudfront"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/cloudfurl/cloudfurl/infra/internal/construct"
)

// OriginalHostProps are the properties of an OriginalHost. CloudFront runs one
// function at viewer-request, so they add what else it does.
type OriginalHostProps struct {
	// ViewerRequestFile is a JavaScript file for cloudfront-js-2.0 that declares
	// the function viewerRequest, which may be async. It gets the event, and
	// returns event.request or a response, which ends the request. Headers that a
	// viewer forged are removed before, and X-Original-Host is set after it. Its
	// path is relative to the working directory. It may have 8.9 KB, or 6.1 with
	// all other steps.
	//
	// Default: none
	ViewerRequestFile *string

	// KeyValueStore holds data and secrets for ViewerRequestFile, which reads
	// them with cf.kvs().
	//
	// Default: none
	KeyValueStore awscloudfront.IKeyValueStore

	// BodyHashing is where request bodies are hashed. BodyHashing_VIEWER rejects
	// those whose hash the viewer didn't send. Give behaviors the same.
	//
	// Default: BodyHashing_EDGE
	BodyHashing BodyHashing

	// RejectDefaultDomain rejects requests for the distribution's cloudfront.net
	// name, in China cloudfront.cn, with a 403.
	//
	// Default: false
	RejectDefaultDomain *bool

	// MaxHeaderSize is the largest size of request headers and cookies in bytes,
	// with those that original_host adds. Larger ones get a 431. Lambda has been
	// seen to reject over 10 KB with a message about 6 MB; 9,728 leaves room for
	// what CloudFront adds.
	//
	// Default: the limits of CloudFront and Lambda
	MaxHeaderSize *float64
}

// An OriginalHost defines the CloudFront Function original_host. At
// viewer-request it copies Host to X-Original-Host and X-Forwarded-Host, and
// Authorization to X-Original-Authorization, which a function URL wouldn't
// receive, and removes Accept-Encoding, because a stream must not be compressed.
//
// It overwrites or removes what a viewer sends under these names, and other
// headers by which frameworks take a request for one to another host, scheme or
// path, such as Forwarded and X-Original-URL, also with underscores for hyphens.
// So a handler behind the distribution can trust them. From GET and HEAD it
// removes X-Amz-Content-Sha256: they have no body.
type OriginalHost struct {
	construct.Base

	// Function is the CloudFront Function, on the runtime cloudfront-js-2.0. Its
	// name is unique over regions and stacks.
	Function awscloudfront.Function
}

// NewOriginalHost defines an OriginalHost. The props may be nil. It panics with
// an *Error if CloudFront can't run the ViewerRequestFile.
func NewOriginalHost(scope constructs.Construct, id *string, props *OriginalHostProps) *OriginalHost {
	defer construct.Within(scope, id, props)()
	props = construct.CopyOf(props)
	code := props.code(scope, id, "")
	h := new(OriginalHost)
	constructs.NewConstruct_Override(h, scope, id)
	h.Function = awscloudfront.NewFunction(h, jsii.String("Function"), &awscloudfront.FunctionProps{
		Code:          awscloudfront.FunctionCode_FromInline(jsii.String(code)),
		Runtime:       awscloudfront.FunctionRuntime_JS_2_0(),
		FunctionName:  construct.GlobalName(h),
		Comment:       jsii.String("Keeps the viewer's Host and Authorization"),
		KeyValueStore: props.store(),
	})
	return h
}
