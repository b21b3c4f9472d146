package client

import (
	"cmp"
	"net/http"

	"github.com/cloudfurl/cloudfurl/internal/contract"
)

// HeaderContentSHA256 is the header that carries the SHA-256 of a body, as 64
// hexadecimal digits in lower case.
const HeaderContentSHA256 = contract.HeaderContentSHA256

// A BodyHasher is an [http.RoundTripper] that sends the SHA-256 of each request's
// body in X-Amz-Content-Sha256. Its zero value is ready to use, also by several
// goroutines at once.
//
// A body with GetBody is hashed without keeping it in memory; [http.NewRequest]
// sets GetBody for a [bytes.Reader], [bytes.Buffer] or [strings.Reader]. Any
// other body, also an [os.File], is read into memory first, up to MaxBuffer.
// Either way the request then has a Content-Length, and can be sent again on
// another connection.
//
// After a 301, 302 or 303, an [http.Client] sends a GET without body and hash. It
// follows a 307 or 308 only if the request that it was given has GetBody.
//
// A request that has the header is sent as it is, and so is one without a body,
// unless its method is POST, PUT or PATCH: CloudFront signs those with the hash
// of nothing.
type BodyHasher struct {
	// Base sends the request.
	//
	// Default: http.DefaultTransport
	Base http.RoundTripper

	// MaxBuffer is the size of the largest body without GetBody, in bytes. A
	// request with a larger one fails.
	//
	// Default: DefaultMaxBuffer, 6 MB
	MaxBuffer int64
}

// RoundTrip sends a copy of the request that has the hash of the body.
func (h *BodyHasher) RoundTrip(request *http.Request) (*http.Response, error) {
	base := baseOf(h.Base)
	if request.Header.Get(HeaderContentSHA256) != "" || !hasBody(request) && !signedWithBody(request.Method) {
		return base.RoundTrip(request)
	}
	p, err := readPayload(request, cmp.Or(h.MaxBuffer, DefaultMaxBuffer))
	if err != nil {
		return nil, err
	}
	return base.RoundTrip(p.apply(request))
}

// CloseIdleConnections closes those of Base, for [http.Client.CloseIdleConnections].
func (h *BodyHasher) CloseIdleConnections() { closeIdleConnections(h.Base) }

// signedWithBody reports whether CloudFront requires a hash for a method even
// without a body.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-lambda.html
func signedWithBody(method string) bool {
	return method == http.MethodPost || method == http.MethodPut || method == http.MethodPatch
}

func baseOf(base http.RoundTripper) http.RoundTripper {
	if base == nil {
		return http.DefaultTransport
	}
	return base
}

func closeIdleConnections(base http.RoundTripper) {
	if closer, ok := baseOf(base).(interface{ CloseIdleConnections() }); ok {
		closer.CloseIdleConnections()
	}
}
