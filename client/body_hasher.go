package client

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"math"
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

func baseOf(base http.RoundTripper) http.RoundTripper { return cmp.Or(base, http.DefaultTransport) }

func closeIdleConnections(base http.RoundTripper) {
	if closer, ok := baseOf(base).(interface{ CloseIdleConnections() }); ok {
		closer.CloseIdleConnections()
	}
}

// DefaultMaxBuffer is the size of the largest request that Lambda accepts, in
// bytes. A body that isn't text counts in base64 there, so it can have three
// quarters of that.
//
// See: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
const DefaultMaxBuffer = 6 << 20

// A payload is the body of a request that can be sent after it was hashed.
type payload struct {
	body    io.ReadCloser
	getBody func() (io.ReadCloser, error)
	length  int64
	hash    []byte
}

// readPayload hashes the body of a request, which it doesn't modify. It closes
// the body if it returns an error, and if the payload has another one.
func readPayload(request *http.Request, maxBuffer int64) (*payload, error) {
	p, err := hashBody(request, maxBuffer)
	if err == nil {
		err = checkLength(request, p.length)
	}
	if err != nil && request.Body != nil {
		request.Body.Close()
	}
	return p, err
}

func hashBody(request *http.Request, maxBuffer int64) (*payload, error) {
	switch {
	case !hasBody(request):
		return noPayload(), nil
	case request.GetBody != nil:
		return rewind(request)
	}
	return buffer(request, maxBuffer)
}

func hasBody(request *http.Request) bool {
	return request.Body != nil && request.Body != http.NoBody
}

func noPayload() *payload {
	sum := sha256.Sum256(nil)
	getBody := func() (io.ReadCloser, error) { return http.NoBody, nil }
	return &payload{body: http.NoBody, getBody: getBody, hash: sum[:]}
}

// rewind hashes a second copy of the body.
func rewind(request *http.Request) (*payload, error) {
	second, err := request.GetBody()
	if err != nil {
		return nil, fmt.Errorf("client: GetBody of the request: %w", err)
	}
	defer second.Close()
	hash := sha256.New()
	length, err := io.Copy(hash, second)
	if err != nil {
		return nil, fmt.Errorf("client: reading the request's body: %w", err)
	}
	if length == 0 {
		request.Body.Close()
		return noPayload(), nil
	}
	return &payload{body: request.Body, getBody: request.GetBody, length: length, hash: hash.Sum(nil)}, nil
}

// buffer reads the body to its end, unless it is longer than limit, and closes
// it.
func buffer(request *http.Request, limit int64) (*payload, error) {
	if request.ContentLength > limit {
		return nil, tooLarge(limit)
	}
	limit = min(limit, math.MaxInt64-1) // one byte more is read
	// A body may be a pipe that nobody writes to any more.
	stop := context.AfterFunc(request.Context(), func() { request.Body.Close() })
	content, err := io.ReadAll(io.LimitReader(request.Body, limit+1))
	stop()
	switch {
	case request.Context().Err() != nil:
		return nil, context.Cause(request.Context())
	case err != nil:
		return nil, fmt.Errorf("client: reading the request's body: %w", err)
	case int64(len(content)) > limit:
		return nil, tooLarge(limit)
	}
	request.Body.Close()
	if len(content) == 0 {
		return noPayload(), nil
	}
	sum := sha256.Sum256(content)
	getBody := func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(content)), nil }
	body, _ := getBody()
	return &payload{body: body, getBody: getBody, length: int64(len(content)), hash: sum[:]}, nil
}

func tooLarge(limit int64) error {
	return fmt.Errorf("client: the request's body is over %d bytes and has to be read twice: set GetBody of the request, or raise MaxBuffer", limit)
}

// checkLength fails if the request announces another length, because the hash
// would then be that of another body. Without an announcement, ContentLength is
// -1, or 0 as the zero value.
func checkLength(request *http.Request, length int64) error {
	if request.ContentLength > 0 && request.ContentLength != length {
		return fmt.Errorf("client: the request's body has %d bytes, but ContentLength is %d", length, request.ContentLength)
	}
	return nil
}

// apply returns a copy of the request with the payload and its hash.
func (p *payload) apply(request *http.Request) *http.Request {
	hashed := request.Clone(request.Context())
	if hashed.Header == nil {
		hashed.Header = make(http.Header, 1)
	}
	hashed.Header.Set(HeaderContentSHA256, hex.EncodeToString(p.hash))
	hashed.Body, hashed.GetBody, hashed.ContentLength = p.body, p.getBody, p.length
	return hashed
}
