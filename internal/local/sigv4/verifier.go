package sigv4

import (
	"cmp"
	"crypto/hmac"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/cloudfurl/cloudfurl/internal/contract"
)

// maxClockSkew is how far the time of a signature may be from the verifier's
// clock, before or after.
//
// See: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html
const maxClockSkew = 5 * time.Minute

// A Verifier checks signatures. It is safe for concurrent use if its functions
// are.
type Verifier struct {
	// Lookup returns the identity that holds an access key, and whether there
	// is one. Required.
	Lookup func(accessKeyID string) (Identity, bool)

	// Now returns the current time. Default: time.Now.
	Now func() time.Time
}

// Verify returns the identity that signed req for the service and region, in the
// Authorization header. bodyHash is the lower-case
// hexadecimal SHA-256 of the bytes that arrived, or [UnsignedPayload] where the
// service accepts any body; X-Amz-Content-Sha256 must be that hash if req has it.
// An error is an [*Error]. Verify doesn't change req or read its body.
func (v *Verifier) Verify(req *http.Request, bodyHash, service, region string) (Identity, error) {
	a, err := readAuthorization(req)
	if err != nil {
		return Identity{}, err
	}
	identity, err := v.holder(a.accessKeyID)
	if err != nil {
		return Identity{}, err
	}
	now := time.Now
	if v.Now != nil {
		now = v.Now
	}
	err = cmp.Or(
		a.checkScope(service, region),
		a.checkClock(now()),
		a.checkToken(identity.Credentials.SessionToken),
		a.checkSignedHeaders(req),
		checkPayload(req.Header[contract.HeaderContentSHA256], bodyHash),
		a.checkSignature(req, bodyHash, identity.Credentials.SecretAccessKey),
	)
	if err != nil {
		return Identity{}, err
	}
	return identity, nil
}

// holder returns the identity that holds an access key.
func (v *Verifier) holder(accessKeyID string) (Identity, error) {
	if identity, ok := v.Lookup(accessKeyID); ok {
		return identity, nil
	}
	return Identity{}, unrecognized(fmt.Sprintf("unknown access key %q", accessKeyID),
		"sign with the local keys that were printed at the start, not with those of an AWS account")
}

// checkSignature signs what the caller signed, and compares.
// Inferred: AWS may normalize the path or not, so both forms pass.
func (a authorization) checkSignature(req *http.Request, bodyHash, secret string) error {
	canonical := canonicalQuery(req.URL.RawQuery)
	matches := func(path, hash string) bool {
		request := canonicalRequest(req, canonicalPath(path, a.service), canonical, a.signedHeaders, hash)
		return hmac.Equal([]byte(a.signature), []byte(signature(stringToSign(request, a.at, a.scope()), secret, a.scope())))
	}
	path := req.URL.EscapedPath()
	switch {
	case matches(path, bodyHash), a.service != ServiceS3 && matches(Normalize(path), bodyHash):
		return nil
	case bodyHash != EmptyPayloadHash && len(req.Header[contract.HeaderContentSHA256]) == 0 && matches(path, EmptyPayloadHash):
		return mismatch("the body that arrived hashes to "+bodyHash+", but the signature is for an empty body: the request has no x-amz-content-sha256",
			"hash the body and send the hash as x-amz-content-sha256; behind origin access control that is the job of an origin-request function with IncludeBody")
	}
	escaped := "escaped once for the wire and once more for the signature"
	if a.service == ServiceS3 {
		escaped = "escaped once, for the wire and the signature alike"
	}
	wrong := mismatch("the method, path, query, a signed header, the body or the secret key isn't the one that was signed",
		"sign exactly what is sent, with the path "+escaped+" and the query's parameters sorted after they are encoded")
	request := canonicalRequest(req, canonicalPath(path, a.service), canonical, a.signedHeaders, bodyHash)
	// Seen: in responses of API Gateway (mhart/aws4#33).
	wrong.Expected = "\n\nThe Canonical String for this request should have been\n'" + request +
		"'\n\nThe String-to-Sign should have been\n'" + stringToSign(request, a.at, a.scope()) + "'\n"
	return wrong
}

// checkSignedHeaders rejects a list of signed headers that isn't sorted, and a
// header that must be signed and isn't: host and all x-amz-*. X-Amz-Cf-Id may be
// unsigned.
// Inferred: CloudFront adds that one to every origin request, and which headers
// origin access control signs isn't public.
func (a authorization) checkSignedHeaders(req *http.Request) error {
	if !slices.Contains(a.signedHeaders, "host") {
		return invalid("'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.")
	}
	for i, name := range a.signedHeaders {
		if name != strings.ToLower(name) || i > 0 && name <= a.signedHeaders[i-1] {
			return mismatch("SignedHeaders isn't a sorted list of lower-case names: "+strings.Join(a.signedHeaders, ";"), "sort the names of the signed headers")
		}
	}
	for name := range req.Header {
		lower := strings.ToLower(name)
		if strings.HasPrefix(lower, "x-amz-") && lower != "x-amz-cf-id" && !slices.Contains(a.signedHeaders, lower) {
			return mismatch("the request has "+lower+", which isn't among its signed headers",
				"sign every x-amz-* header, and add none after the request is signed")
		}
	}
	return nil
}

// checkPayload compares the hashes that the request declares with the body's.
func checkPayload(declared []string, bodyHash string) error {
	switch {
	case len(declared) == 0 || (len(declared) == 1 && declared[0] == bodyHash):
		return nil
	case declared[0] == UnsignedPayload:
		return mismatch("x-amz-content-sha256 is "+UnsignedPayload+", but AWS rejects a body whose hash isn't signed", "send the SHA-256 of the body")
	}
	return mismatch("x-amz-content-sha256 is "+strings.Join(declared, ",")+", but the body that arrived hashes to "+bodyHash,
		"hash the bytes that are sent, and let nothing change them on the way")
}
