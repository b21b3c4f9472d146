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

	// BodyHashing_NONE computes none, for an origin that checks no hashes, such as
	// a REST API. A function URL would reject the bodies.
	BodyHashing_NONE BodyHashing = "NONE"
)

// hashing returns where the bodies of a behavior are hashed, or "" for the endpoint's
// default. Only a function URL checks hashes.
func (p *BehaviorProps) hashing() BodyHashing {
	if _, checks := p.Origin.(*permittedOrigin); p.BodyHashing == "" && p.Origin != nil && !checks {
		return BodyHashing_NONE
	}
	return p.BodyHashing
}

// check panics with an *Error about the construct id in scope unless h is one of
// the constants or empty.
func (h BodyHashing) check(scope constructs.Construct, id *string) {
	switch h {
	case "", BodyHashing_EDGE, BodyHashing_VIEWER, BodyHashing_NONE:
	default:
		construct.Fail(scope, id, "got BodyHashing %q: give infra.BodyHashing_EDGE, infra.BodyHashing_VIEWER or infra.BodyHashing_NONE", string(h))
	}
}
