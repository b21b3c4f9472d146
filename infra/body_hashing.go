package infra

import (
	"github.com/aws/constructs-go/constructs/v10"

	"github.com/cloudfurl/cloudfurl/infra/internal/construct"
)

// BodyHashing is where the SHA-256 of request bodies is computed, which
// CloudFront signs and Lambda requires.
type BodyHashing string

const (
	// BodyHashing_EDGE computes the hash in a BodyHasher, so viewers send any
	// request.
	BodyHashing_EDGE BodyHashing = "EDGE"

	// BodyHashing_VIEWER requires viewers to send the hash of a body, as 64
	// hexadecimal digits in x-amz-content-sha256. A request without it gets a 411
	// that says so, from the function at viewer-request. There is no
	// Lambda@Edge function and no edge stack.
	BodyHashing_VIEWER BodyHashing = "VIEWER"
)

// check panics with an *Error about the construct id in scope unless h is one of
// the constants or empty.
func (h BodyHashing) check(scope constructs.Construct, id *string) {
	if h != "" && h != BodyHashing_EDGE && h != BodyHashing_VIEWER {
		construct.Fail(scope, id, "got BodyHashing %q: give infra.BodyHashing_EDGE or infra.BodyHashing_VIEWER", string(h))
	}
}
