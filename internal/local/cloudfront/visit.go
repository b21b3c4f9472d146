package cloudfront

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"io"
	"maps"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"github.com/cloudfurl/cloudfurl/internal/local/headers"
	"github.com/cloudfurl/cloudfurl/internal/local/trace"
)

// A visit is one viewer's request on its way through the distribution.
type visit struct {
	ctx      context.Context
	id       string // X-Amz-Cf-Id
	ip       string // the viewer's address, without its port
	address  string // with it
	proto    string // the viewer's HTTP version: 1.0, 1.1 or 2.0
	tls      bool   // the viewer speaks TLS
	https    bool   // the request counts as HTTPS
	urlSize  int    // bytes
	headSize int    // bytes of the request line and the headers
	// The viewer's own CORS headers, for the response headers policy.
	corsOrigin, corsMethod string
	behavior               *behavior
	origin                 *Origin // may be replaced for this visit by a function
	request                request // as the viewer sent it and functions changed it
	forwarded              request // as origin-request functions see it
	outgoing               *http.Request
	kept                   []io.Closer // what functions saw of the body

	trace *trace.Trace
	at    *trace.Stage // the stage that is open, if it is one of the chain's
	seen  trace.State  // before it
}

// A request is the part of a visit that stages and functions change.
type request struct {
	method string
	uri    string      // the path, escaped as the viewer wrote it
	query  string      // without its question mark
	mark   bool        // there is a question mark, though query may be empty
	header http.Header // with Host, Content-Length and Transfer-Encoding
	body   body
}

// A body is what follows the headers of a request.
type body struct {
	io.ReadCloser
	length int64 // -1: not known
}

// A response is what the viewer gets.
type response struct {
	status int
	header http.Header
	body   io.ReadCloser // nil: none
	length int64         // -1: not known

	// xCache is the part of X-Cache before "from cloudfront".
	// Default: Miss, or Error from a status of 400 on.
	xCache string

	// final prevents custom error responses.
	final bool

	// fromOrigin says that the response is an origin's.
	fromOrigin bool
}

// close gives back what is kept of a body that the origin hasn't read.
func (v *visit) close() {
	for _, kept := range v.kept {
		kept.Close()
	}
}

func (d *Distribution) newVisit(r *http.Request) *visit {
	ip, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		ip = r.RemoteAddr
	}
	header := maps.Clone(r.Header)
	// What the viewer names in Connection is gone before functions run, so that it
	// can't remove what they add.
	headers.RemoveConnection(header)
	header["Host"] = []string{r.Host}
	header.Del("Content-Length")
	header.Del("Transfer-Encoding")
	switch {
	case r.ContentLength > 0 || r.ContentLength == 0 && r.Header.Get("Content-Length") != "":
		header["Content-Length"] = []string{strconv.FormatInt(r.ContentLength, 10)}
	case r.ContentLength < 0:
		header["Transfer-Encoding"] = []string{"chunked"}
	}
	v := &visit{
		ctx:        r.Context(),
		trace:      trace.FromContext(r.Context()),
		id:         newID(),
		ip:         ip,
		address:    r.RemoteAddr,
		proto:      strconv.Itoa(r.ProtoMajor) + "." + strconv.Itoa(r.ProtoMinor),
		tls:        r.TLS != nil,
		https:      r.TLS != nil || !d.config.PlainHTTP,
		corsOrigin: r.Header.Get("Origin"),
		corsMethod: r.Header.Get("Access-Control-Request-Method"),
		request: request{
			method: r.Method,
			uri:    rawPath(r),
			query:  r.URL.RawQuery,
			mark:   r.URL.ForceQuery,
			header: header,
			body:   body{r.Body, r.ContentLength},
		},
	}
	if r.Body == nil || r.ContentLength == 0 {
		v.request.body = body{http.NoBody, 0}
	}
	v.urlSize, v.headSize = measure(r)
	return v
}

// rawPath returns the path as the viewer wrote it. Characters that a URL can't
// have are escaped, for net/url to leave everything else alone.
func rawPath(r *http.Request) string {
	path, _, _ := strings.Cut(r.RequestURI, "?")
	if !strings.HasPrefix(path, "/") {
		return r.URL.EscapedPath()
	}
	return notInPaths.ReplaceAllStringFunc(path, url.PathEscape)
}

// notInPaths matches a character that the path of a URL can't have.
var notInPaths = regexp.MustCompile(`[^A-Za-z0-9._~%/!$&'()*+,;=:@\[\]-]`)

// newID returns an id in the form of X-Amz-Cf-Id: 56 characters, the last two
// of them padding.
func newID() string {
	var id [40]byte
	rand.Read(id[:])
	return base64.URLEncoding.EncodeToString(id[:])
}

// viaHost returns the host name that a distribution has in Via: 32 hex digits
// before cloudfront.net. On AWS it names a server, here the distribution.
func viaHost(id string) string {
	sum := sha256.Sum256([]byte(id))
	return hex.EncodeToString(sum[:16]) + ".cloudfront.net"
}

// url returns path and query as they stand in a request line.
func (r request) url() string {
	if r.query == "" {
		return r.uri
	}
	return r.uri + "?" + r.query
}

// appendTo appends value to a header that is a list.
func appendTo(header http.Header, name, value string) {
	if values := header[name]; len(values) > 0 {
		value = strings.Join(values, ", ") + ", " + value
	}
	header[name] = []string{value}
}
