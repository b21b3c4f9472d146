package sigv4

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"
)

// UnsignedPayload is the payload hash of a body that isn't signed. S3 accepts it;
// Lambda doesn't.
//
// See: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
const UnsignedPayload = "UNSIGNED-PAYLOAD"

// EmptyPayloadHash is the SHA-256 of zero bytes, in lower-case hexadecimal.
const EmptyPayloadHash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

// ServiceS3 is the service whose signatures cover the path as it is: every other
// service escapes it once more.
//
// See: https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
const ServiceS3 = "s3"

// Forms of a time in X-Amz-Date and in a credential scope.
//
// See: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
const (
	timeFormat = "20060102T150405Z"
	dayFormat  = "20060102"
)

// Sign signs req in place for the service and region: it sets X-Amz-Date,
// X-Amz-Security-Token if the credentials have a token, and Authorization,
// which it overwrites. It signs the host and every x-amz-* header of req, so set
// them first; that includes X-Amz-Content-Sha256, which Sign doesn't add. It
// signs the path as it is, not normalized.
//
// It returns the canonical request and the string to sign.
//
// payloadHash is the lower-case hexadecimal SHA-256 of the body, or
// [UnsignedPayload].
func Sign(req *http.Request, payloadHash string, creds Credentials, service, region string, at time.Time) (canonical, toSign string) {
	at = at.UTC()
	req.Header.Set("X-Amz-Date", at.Format(timeFormat))
	if creds.SessionToken != "" {
		req.Header.Set("X-Amz-Security-Token", creds.SessionToken)
	}
	names := []string{"host"}
	for name := range req.Header {
		if lower := strings.ToLower(name); strings.HasPrefix(lower, "x-amz-") {
			names = append(names, lower)
		}
	}
	slices.Sort(names)
	canonical = canonicalRequest(req, canonicalPath(req.URL.EscapedPath(), service), canonicalQuery(req.URL.RawQuery), names, payloadHash)
	scope := strings.Join([]string{at.Format(dayFormat), region, service, terminator}, "/")
	toSign = stringToSign(canonical, at, scope)
	req.Header.Set("Authorization", algorithm+" Credential="+creds.AccessKeyID+"/"+scope+
		", SignedHeaders="+strings.Join(names, ";")+", Signature="+signature(toSign, creds.SecretAccessKey, scope))
	return canonical, toSign
}

// signature returns the signature of a string to sign.
//
// See: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
func signature(toSign, secret, scope string) string {
	key := []byte("AWS4" + secret)
	for part := range strings.SplitSeq(scope, "/") {
		key = mac(key, part)
	}
	return hex.EncodeToString(mac(key, toSign))
}

func stringToSign(canonical string, at time.Time, scope string) string {
	sum := sha256.Sum256([]byte(canonical))
	return algorithm + "\n" + at.Format(timeFormat) + "\n" + scope + "\n" + hex.EncodeToString(sum[:])
}

func mac(key []byte, data string) []byte {
	h := hmac.New(sha256.New, key)
	h.Write([]byte(data))
	return h.Sum(nil)
}

// IsPayloadHash reports whether s is a hash that [Sign] can sign.
func IsPayloadHash(s string) bool {
	raw, err := hex.DecodeString(s)
	return s == UnsignedPayload || err == nil && len(raw) == sha256.Size
}

// HashOf returns the payload hash of a body, or nothing if that can't be read.
func HashOf(body io.WriterTo) string {
	hash := sha256.New()
	if _, err := body.WriteTo(hash); err != nil {
		return ""
	}
	return hex.EncodeToString(hash.Sum(nil))
}
