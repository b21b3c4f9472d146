package sigv4

import (
	"crypto/subtle"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/cloudfurl/cloudfurl/internal/contract"
)

// MaxClockSkew is how far the time of a signature may be from the verifier's
// clock, before or after.
//
// See: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html
const MaxClockSkew = 5 * time.Minute

// A Verifier checks signatures. It is safe for concurrent use if its functions
// are.
type Verifier struct {
	// Lookup returns the identity that holds an access key, and whether there
	// is one. Required.
	Lookup func(accessKeyID string) (Identity, bool)

	// Now returns the current time. Default: time.Now.
	Now func() time.Time
}

// Verify checks that req is signed for the service and region by an identity
// that Lookup knows, over a body with the given hash (lower-case hexadecimal
// SHA-256 of the bytes that arrived, or [UnsignedPayload] where the service
// takes any body), and returns that identity. If req
// carries X-Amz-Content-Sha256 it must be that hash. An error is an [*Error].
// Verify changes nothing in req and does not read its body.
func (v *Verifier) Verify(req *http.Request, bodyHash, service, region string) (Identity, error) {
	values := req.Header["Authorization"]
	if len(values) == 0 {
		return Identity{}, missing()
	}
	if len(values) > 1 {
		return Identity{}, incomplete("The request has %d Authorization headers.", len(values))
	}
	auth, err := parseAuthorization(values[0])
	if err != nil {
		return Identity{}, err
	}
	at, date, err := signingTime(req.Header)
	if err != nil {
		return Identity{}, err
	}
	identity, ok := v.Lookup(auth.accessKeyID)
	if !ok {
		return Identity{}, unrecognized(fmt.Sprintf("nobody holds the access key %q", auth.accessKeyID),
			"sign with the local keys that were printed at the start, not with those of an AWS account")
	}
	if err := auth.checkScope(service, region, at.Format(dayFormat), date); err != nil {
		return Identity{}, err
	}
	now := time.Now
	if v.Now != nil {
		now = v.Now
	}
	if err := checkClock(at, now()); err != nil {
		return Identity{}, err
	}
	if err := checkToken(req.Header, identity.Credentials.SessionToken); err != nil {
		return Identity{}, err
	}
	if err := checkSignedHeaders(req, auth.signedHeaders); err != nil {
		return Identity{}, err
	}
	if err := checkPayload(req.Header, bodyHash); err != nil {
		return Identity{}, err
	}
	return identity, auth.checkSignature(req, bodyHash, identity.Credentials, service, region, at)
}

// checkSignature signs again what the caller signed, and compares.
func (a authorization) checkSignature(req *http.Request, bodyHash string, creds Credentials, service, region string, at time.Time) error {
	c, err := canonical(req)
	if err != nil {
		return mismatch(err.Error(), "send the host that the request was signed for")
	}
	signed := make(signedHeaders, len(a.signedHeaders))
	for _, name := range a.signedHeaders {
		signed[name] = struct{}{}
	}
	// Signed means that the headers count as they arrived: one that did not is
	// an empty line of the canonical request.
	present := make(signedHeaders, len(c.Header)+1)
	present["host"] = struct{}{}
	for name := range c.Header {
		present[strings.ToLower(name)] = struct{}{}
	}
	for name := range signed {
		if _, ok := present[name]; !ok {
			c.Header[name] = []string{absent(req, name)}
		}
	}
	// The token is checked already; the signer would add it unasked.
	creds.SessionToken = ""
	if a.matches(c, bodyHash, creds, service, region, at, signed) {
		return nil
	}
	if u, changed := normalized(c.URL); changed && service != ServiceS3 {
		c.URL = u
		if a.matches(c, bodyHash, creds, service, region, at, signed) {
			return nil
		}
	}
	undeclared := bodyHash != EmptyPayloadHash && len(req.Header[contract.HeaderContentSHA256]) == 0
	if undeclared && a.matches(c, EmptyPayloadHash, creds, service, region, at, signed) {
		return mismatch("the body that arrived hashes to "+bodyHash+", and what was signed is no body: the request carries no x-amz-content-sha256",
			"hash the body and send the hash as x-amz-content-sha256; behind origin access control that is the job of an origin-request function with IncludeBody")
	}
	escaped := "escaped once for the wire and once more for the signature"
	if service == ServiceS3 {
		escaped = "escaped once, for the wire and the signature alike"
	}
	return mismatch("the method, path, query, a signed header, the body or the secret key is not the one that was signed",
		"sign exactly what is sent, with the path "+escaped)
}

func (a authorization) matches(c *http.Request, bodyHash string, creds Credentials, service, region string, at time.Time, signed signedHeaders) bool {
	if err := signCanonical(c, bodyHash, creds, service, region, at, signed); err != nil {
		return false
	}
	again, err := parseAuthorization(c.Header.Get("Authorization"))
	if err != nil {
		return false
	}
	return slices.Equal(again.signedHeaders, a.signedHeaders) &&
		subtle.ConstantTimeCompare([]byte(again.signature), []byte(a.signature)) == 1
}

// absent returns the value of a signed header that net/http keeps elsewhere.
func absent(req *http.Request, name string) string {
	switch {
	case name == "content-length" && req.ContentLength >= 0:
		return strconv.FormatInt(req.ContentLength, 10)
	case name == "transfer-encoding":
		return strings.Join(req.TransferEncoding, ",")
	}
	return ""
}

// signedHeaders is the set of the lower-case names of signed headers.
type signedHeaders map[string]struct{}

// IsSigned reports whether the header is in the set.
func (s signedHeaders) IsSigned(name string) bool {
	_, ok := s[name]
	return ok
}

// signingTime returns when the request was signed, and the header's words.
func signingTime(h http.Header) (time.Time, string, error) {
	if date := h.Get("X-Amz-Date"); date != "" {
		at, err := time.Parse(timeFormat, date)
		if err != nil {
			return time.Time{}, "", incomplete("Date must be in ISO-8601 'basic format'. Got '%s'. See http://en.wikipedia.org/wiki/ISO_8601", date)
		}
		return at, date, nil
	}
	date := h.Get("Date")
	at, err := http.ParseTime(date)
	if err != nil {
		return time.Time{}, "", incomplete("Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. Authorization=%s", algorithm)
	}
	return at.UTC(), date, nil
}

func checkToken(h http.Header, want string) error {
	got := h["X-Amz-Security-Token"]
	switch {
	case want == "" && len(got) == 0:
		return nil
	case want == "":
		return unrecognized("the request carries a security token, and its access key is a long-term one that has none", "unset AWS_SESSION_TOKEN")
	case len(got) == 0:
		return unrecognized("the request carries no security token, and its access key is temporary", "send the session token as X-Amz-Security-Token")
	case len(got) > 1 || subtle.ConstantTimeCompare([]byte(got[0]), []byte(want)) != 1:
		return unrecognized("the security token is not the access key's", "sign with a key and a token that were issued together")
	}
	return nil
}

// checkSignedHeaders reports a header that has to be signed and is not: host
// and all x-amz-*. X-Amz-Cf-Id may be unsigned.
// Inferred: CloudFront adds that one to every origin request, and which
// headers origin access control signs is not public.
func checkSignedHeaders(req *http.Request, signed []string) error {
	if !slices.Contains(signed, "host") {
		return invalid("'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.")
	}
	for name := range req.Header {
		lower := strings.ToLower(name)
		if strings.HasPrefix(lower, "x-amz-") && lower != "x-amz-cf-id" && !slices.Contains(signed, lower) {
			return mismatch("the request carries "+lower+", which is not among its signed headers",
				"sign every x-amz-* header, and add none after the request is signed")
		}
	}
	return nil
}

// checkPayload compares the hash that the request declares with the body's.
func checkPayload(h http.Header, bodyHash string) error {
	declared := h[contract.HeaderContentSHA256]
	switch {
	case len(declared) == 0 || (len(declared) == 1 && declared[0] == bodyHash):
		return nil
	case declared[0] == UnsignedPayload:
		return mismatch("x-amz-content-sha256 is "+UnsignedPayload+", and Lambda takes no unsigned payload", "send the SHA-256 of the body")
	}
	return mismatch("x-amz-content-sha256 is "+strings.Join(declared, ",")+", and the body that arrived hashes to "+bodyHash,
		"hash the bytes that are sent, and let nothing change them on the way")
}
