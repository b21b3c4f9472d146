package payload

import (
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/cloudfurl/cloudfurl/internal/local/lambda"
	"github.com/cloudfurl/cloudfurl/internal/local/spool"
)

// MaxEvent is the longest event, in bytes.
//
// See: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
// Seen: 6291456 in Lambda's error messages.
const MaxEvent = 6_291_456

// ErrTooLarge is the error of ReadBody for a body over the limit.
var ErrTooLarge = errors.New("too large")

// ReadBody reads a request's body of up to limit bytes.
func ReadBody(req *http.Request, limit int) (*spool.Body, error) {
	if req.Body == nil || req.Body == http.NoBody {
		return new(spool.Body), nil
	}
	if req.ContentLength > int64(limit) {
		return nil, ErrTooLarge
	}
	body, rest, err := spool.Read(req.Body, int64(limit))
	if rest != nil {
		body.Close()
		return nil, ErrTooLarge
	}
	return body, err
}

// cloudFront is one of CloudFront's addresses, which call from no private network.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/LocationsOfEdgeServers.html
const cloudFront = "64.252.64.1"

// SourceIP returns the address of the connection, or CloudFront's for a request
// without one.
func SourceIP(req *http.Request) string {
	if host, _, err := net.SplitHostPort(req.RemoteAddr); err == nil {
		return host
	}
	return cloudFront
}

// Forwarded returns the X-Forwarded-Port and -Proto of a request to a host, which on
// AWS are 443 and https: there, no host that viewers ask for has a port. With plain,
// viewers reach the local edge over HTTP.
func Forwarded(host string, plain bool) (port, proto string) {
	port, proto = "443", "https"
	if plain {
		port, proto = "80", "http"
	}
	if _, given, err := net.SplitHostPort(host); err == nil && given != "" {
		port = given
	}
	return port, proto
}

// TraceID returns the X-Amzn-Trace-Id of a request that arrived with one, or
// with none.
//
// Seen: "Self=1-…;Root=1-…" in events of requests that came through CloudFront.
func TraceID(arrived string, now time.Time) string {
	if strings.HasPrefix(arrived, "Root=") {
		return "Self=" + lambda.NewTrace(now) + ";" + arrived
	}
	return "Root=" + lambda.NewTrace(now)
}

// Object returns a JSON object with one text, as AWS's errors have it.
func Object(key, value string) string {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(map[string]string{key: value}); err != nil {
		return "{}"
	}
	return strings.TrimSuffix(b.String(), "\n")
}
