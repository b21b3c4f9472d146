package sigv4

import (
	"encoding/hex"
	"fmt"
	"net/http"
	"time"

	"github.com/aws/smithy-go/aws-http-auth/credentials"
	"github.com/aws/smithy-go/aws-http-auth/sigv4"
	"github.com/aws/smithy-go/aws-http-auth/v4"
)

// UnsignedPayload stands in the place of the body's hash when the body is not
// signed. S3 takes it; Lambda does not, so a [Verifier] refuses it unless it is
// told to expect it.
//
// See: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
const UnsignedPayload = "UNSIGNED-PAYLOAD"

// EmptyPayloadHash is the SHA-256 of zero bytes, in lower-case hexadecimal.
const EmptyPayloadHash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

// ServiceS3 is the service whose signatures take the path as it is: for every
// other one it is escaped once more.
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
// which it overwrites. Host and every x-amz-* header that req carries are
// signed, so set them first; that includes X-Amz-Content-Sha256, which Sign
// uses no other way and does not add. The path is signed as it is, not
// normalised.
//
// payloadHash is the lower-case hexadecimal SHA-256 of the body, or
// [UnsignedPayload]. A time of zero is now. An error means that payloadHash is
// neither, or that req names no host; req is then unchanged.
func Sign(req *http.Request, payloadHash string, creds Credentials, service, region string, at time.Time) error {
	c, err := canonical(req)
	if err != nil {
		return err
	}
	if err := signCanonical(c, payloadHash, creds, service, region, at, nil); err != nil {
		return err
	}
	if req.Header == nil {
		req.Header = make(http.Header, 3)
	}
	for _, name := range [...]string{"Authorization", "X-Amz-Date", "X-Amz-Security-Token"} {
		if v := c.Header[name]; len(v) > 0 {
			req.Header[name] = v
		}
	}
	return nil
}

// signCanonical signs a request that canonical made. A nil rules signs host
// and x-amz-*.
func signCanonical(c *http.Request, payloadHash string, creds Credentials, service, region string, at time.Time, rules v4.SignedHeaderRules) error {
	hash, err := payload(payloadHash)
	if err != nil {
		return err
	}
	options := func(o *v4.SignerOptions) {
		o.HeaderRules = rules
		o.DisableDoublePathEscape = service == ServiceS3
	}
	return sigv4.New(options).SignRequest(&sigv4.SignRequestInput{
		Request:     c,
		PayloadHash: hash,
		Credentials: credentials.Credentials{
			AccessKeyID:     creds.AccessKeyID,
			SecretAccessKey: creds.SecretAccessKey,
			SessionToken:    creds.SessionToken,
		},
		Service: service,
		Region:  region,
		Time:    at,
	})
}

// IsPayloadHash reports whether [Sign] takes s for the hash of a body.
func IsPayloadHash(s string) bool {
	_, err := payload(s)
	return err == nil
}

func payload(hash string) ([]byte, error) {
	if hash == UnsignedPayload {
		return v4.UnsignedPayload(), nil
	}
	raw, err := hex.DecodeString(hash)
	if err != nil || len(raw) != 32 {
		return nil, fmt.Errorf("sigv4: payload hash %q is not the hexadecimal SHA-256 of a body: hash the body's bytes, or give %s", hash, UnsignedPayload)
	}
	return raw, nil
}
