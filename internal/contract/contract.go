// Package contract holds the names that several halves of cloudfurl share:
// the constructs, the edge functions, the handlers and the local edge. It
// imports nothing, so that a handler which needs one name does not carry the
// CDK with it.
package contract

// Headers that the edge functions write and the handlers read. What a viewer
// sends under these two names never arrives: original_host overwrites or
// removes both.
const (
	// HeaderOriginalHost carries the Host header of the viewer's request. A
	// function URL needs its own domain in Host, so the viewer's travels here.
	HeaderOriginalHost = "X-Original-Host"

	// HeaderOriginalAuthorization carries the Authorization header of the
	// viewer's request, which origin access control replaces with its own
	// signature.
	HeaderOriginalAuthorization = "X-Original-Authorization"
)

// HeaderContentSHA256 carries the lower-case hexadecimal SHA-256 of the request
// body. Lambda accepts no unsigned payload, and CloudFront signs whatever hash
// the request already carries.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-lambda.html
const HeaderContentSHA256 = "X-Amz-Content-Sha256"

// Names of the outputs of the Cloudfurl stack.
const (
	OutputDistributionURL = "DistributionUrl"
	OutputFunctionName    = "FunctionName"
	OutputFunctionURL     = "FunctionUrl"
)
