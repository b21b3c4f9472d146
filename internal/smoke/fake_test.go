package smoke

import (
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"
)

// A fake responds like the demo behind CloudFront, or like its function URL. It
// breaks one rule if it has a bug.
type fake struct {
	prefix string // of the demo\'s paths
	bug    bug
	pause  time.Duration // between the lines of the stream

	functionURL bool
}

// A bug names the rule that is broken.
type bug string

func (f *fake) has(name bug) bool {
	if !slices.ContainsFunc(bugs, func(c bugCase) bool { return c.bug == name }) {
		panic("bugs has no " + string(name))
	}
	return f.bug == name
}

// serve returns a fake distribution and its function URL.
func serve(t *testing.T, b bug, pause time.Duration) (target, functionURL *url.URL) {
	t.Helper()
	return start(t, &fake{bug: b, pause: pause}), start(t, &fake{bug: b, functionURL: true})
}

func start(t *testing.T, handler http.Handler) *url.URL {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return parse(t, server.URL)
}

func parse(t *testing.T, address string) *url.URL {
	t.Helper()
	u, err := ParseURL(address)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

func (f *fake) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	switch {
	case !f.functionURL:
		f.distribution(w, r, body)
	case f.has("the function URL accepts unsigned requests"):
		io.WriteString(w, "the function's response")
	case f.has("the function URL reports a signature"):
		rejectAsLambda(w, "AccessDeniedException", "message")
	default:
		rejectAsLambda(w, "AccessDeniedException", "Message")
	}
}

func (f *fake) distribution(w http.ResponseWriter, r *http.Request, body []byte) {
	header := w.Header()
	header.Set("X-Cache", "Miss from cloudfront")
	if f.has("responses are cached") {
		header.Set("X-Cache", "Hit from cloudfront")
	}
	if !f.has("CloudFront is missing") {
		header.Set("Via", "1.1 0123456789abcdef.cloudfront.net (CloudFront)")
		header.Set("X-Amz-Cf-Id", "id==")
		header.Set("X-Amz-Cf-Pop", "NRT57-P1")
	}
	forbidden, isMethodBug := strings.CutSuffix(string(f.bug), " isn't allowed")
	switch {
	case len(r.RequestURI) > 8192 && !f.has("long URLs are accepted"):
		rejectAsCloudFront(w, 414)
	case headerSize(r) > 32768 && !f.has("long headers are accepted"):
		rejectAsCloudFront(w, 494)
	case r.Method == "GET" && len(body) > 0 && !f.has("GET with a body is accepted"):
		rejectAsCloudFront(w, 403)
	case isMethodBug && r.Method == forbidden:
		rejectAsCloudFront(w, 403)
	case f.has("Lambda rejects every signature"), f.has("queries break the signature") && r.URL.RawQuery != "",
		f.has("queries are sorted before encoding") && sortsAfterEncoding(r.URL.RawQuery):
		rejectAsLambda(w, "InvalidSignatureException", "message")
	case f.hash(w, r, body):
		f.demo(w, r, f.changed(r, body))
	}
}

func headerSize(r *http.Request) int {
	size := 0
	for name, values := range r.Header {
		for _, value := range values {
			size += len(name) + len(value)
		}
	}
	return size
}

// sortsAfterEncoding reports whether the order of a query's parameters depends
// on whether they are encoded.
func sortsAfterEncoding(query string) bool {
	encoded := strings.Split(query, "&")
	slices.Sort(encoded)
	decoded := make([]string, len(encoded))
	for i, pair := range encoded {
		decoded[i] = unescape(pair)
	}
	return !slices.IsSorted(decoded)
}

// hash does what body_hasher does, and Lambda's check of what it forwards. It
// reports whether the request reaches the handler.
func (f *fake) hash(w http.ResponseWriter, r *http.Request, body []byte) bool {
	usual := slices.Contains([]string{"POST", "PUT", "PATCH"}, r.Method)
	hidden := !usual && len(body) > 0
	if f.has("empty bodies aren't hashed") && len(body) == 0 && usual ||
		f.has("a POST needs Content-Length") && r.Header.Get("Content-Length") == "" && usual ||
		f.has("hidden bodies are hashed as empty") && hidden {
		rejectAsLambda(w, "InvalidSignatureException", "message")
		return false
	}
	if (r.Method == "GET" || r.Method == "HEAD") && !f.has("the hash of a GET is checked") {
		return true
	}
	limit := megabyte
	if f.has("1 MB is 1,000,000 B") {
		limit = 1_000_000
	}
	sent := strings.Join(r.Header.Values("X-Amz-Content-Sha256"), ",")
	decoded, err := hex.DecodeString(sent)
	declared := err == nil && len(decoded) == 32 && !f.has("the client's hash is ignored")
	right := strings.EqualFold(sent, sha256Hex(body))
	large := len(body) > limit
	switch {
	case f.has("the edge can't see bodies of DELETE and OPTIONS") && hidden && !declared:
		f.reject(w, 411, "body_not_shown")
	case sent != "" && !declared && (f.has("an invalid hash is signed") || f.has("UNSIGNED-PAYLOAD is signed") && sent == "UNSIGNED-PAYLOAD"),
		declared && right && f.has("right hashes are rejected"),
		declared && right && f.has("upper case is a different hash") && strings.ToLower(sent) != sent,
		declared && !right && hidden && f.has("the edge can't see bodies of DELETE and OPTIONS"),
		declared && !right && large && !f.has("Lambda doesn't verify the hash"),
		declared && !right && !large && f.has("the edge doesn't verify the hash"),
		large && !declared && f.has("a cut body is hashed"):
		rejectAsLambda(w, "InvalidSignatureException", "message")
	case large && !declared:
		f.reject(w, 413, "body_too_large")
	case declared && !right && !large && !(hidden && f.has("nobody verifies the hash of a DELETE")):
		f.reject(w, 400, "body_hash_mismatch")
	default:
		return true
	}
	return false
}

func (f *fake) reject(w http.ResponseWriter, status int, code string) {
	hint := "Send the hash."
	if f.has("errors have no hint") {
		hint = ""
	}
	respondJSON(w, status, map[string]any{"error": map[string]string{"message": "It failed.", "code": code, "hint": hint}})
}

func rejectAsLambda(w http.ResponseWriter, errorType, key string) {
	w.Header().Set("X-Amzn-Errortype", errorType)
	respondJSON(w, 403, map[string]string{key: "Forbidden. The request signature we calculated does not match."})
}

func rejectAsCloudFront(w http.ResponseWriter, status int) {
	w.Header().Set("X-Cache", "Error from cloudfront")
	w.Header().Set("Content-Type", "text/html")
	w.WriteHeader(status)
	io.WriteString(w, "<H1>ERROR</H1><HR noshade>Request blocked.")
}

func respondJSON(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(v)
}
