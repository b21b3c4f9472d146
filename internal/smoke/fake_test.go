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

// A fake answers as the demo behind CloudFront, or as its function URL. It
// breaks one rule if it has a fault.
type fake struct {
	fault fault
	pause time.Duration // between the lines of the stream

	functionURL bool
}

// A fault is a rule that is broken, in words.
type fault string

func (f *fake) has(name fault) bool {
	if !slices.ContainsFunc(faults, func(c faultCase) bool { return c.fault == name }) {
		panic("no case has the fault " + string(name))
	}
	return f.fault == name
}

// serve returns a fake distribution and its function URL.
func serve(t *testing.T, f fault, pause time.Duration) (target, functionURL *url.URL) {
	t.Helper()
	return start(t, &fake{fault: f, pause: pause}), start(t, &fake{fault: f, functionURL: true})
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
	body := make([]byte, r.ContentLength)
	if _, err := io.ReadFull(r.Body, body); err != nil {
		panic(http.ErrAbortHandler)
	}
	switch {
	case !f.functionURL:
		f.distribution(w, r, body)
	case f.has("the function URL takes unsigned requests"):
		io.WriteString(w, "the function's answer")
	case f.has("the function URL speaks of a signature"):
		lambdaRefuses(w, "AccessDeniedException", "message")
	default:
		lambdaRefuses(w, "AccessDeniedException", "Message")
	}
}

func (f *fake) distribution(w http.ResponseWriter, r *http.Request, body []byte) {
	header := w.Header()
	header.Set("X-Cache", "Miss from cloudfront")
	if f.has("the cache answers") {
		header.Set("X-Cache", "Hit from cloudfront")
	}
	if !f.has("CloudFront is not there") {
		header.Set("Via", "1.1 0123456789abcdef.cloudfront.net (CloudFront)")
		header.Set("X-Amz-Cf-Id", "id==")
		header.Set("X-Amz-Cf-Pop", "NRT57-P1")
	}
	forbidden, isMethodFault := strings.CutSuffix(string(f.fault), " is not allowed")
	switch {
	case len(r.RequestURI) > 8192 && !f.has("long URLs pass"):
		cloudfrontRefuses(w, 413)
	case r.Method == "GET" && len(body) > 0 && !f.has("GET with a body passes"):
		cloudfrontRefuses(w, 403)
	case isMethodFault && r.Method == forbidden:
		cloudfrontRefuses(w, 403)
	case f.has("Lambda takes no signature"), f.has("queries break the signature") && r.URL.RawQuery != "":
		lambdaRefuses(w, "InvalidSignatureException", "message")
	case f.hash(w, r, body):
		f.demo(w, r, f.changed(r, body))
	}
}

// hash plays body_hasher, and Lambda's check of what it lets pass. It reports
// whether the request goes on.
func (f *fake) hash(w http.ResponseWriter, r *http.Request, body []byte) bool {
	if slices.Contains([]string{"GET", "HEAD", "OPTIONS"}, r.Method) {
		return true
	}
	if f.has("an empty body is not hashed") && len(body) == 0 && r.Method != "DELETE" ||
		f.has("a POST needs Content-Length") && r.Header.Get("Content-Length") == "" && r.Method != "DELETE" ||
		f.has("the body of a DELETE is hashed as none") && r.Method == "DELETE" && len(body) > 0 {
		lambdaRefuses(w, "InvalidSignatureException", "message")
		return false
	}
	limit := megabyte
	if f.has("1 MB is 1,000,000 B") {
		limit = 1_000_000
	}
	sent := r.Header.Get("X-Amz-Content-Sha256")
	decoded, err := hex.DecodeString(sent)
	declared := err == nil && len(decoded) == 32 && !f.has("the client's hash is ignored")
	right := strings.EqualFold(sent, sha256Hex(body))
	large := len(body) > limit
	switch {
	case f.has("a DELETE's body is not shown") && r.Method == "DELETE" && len(body) > 0 && !declared:
		f.refuse(w, 411, "body_not_shown")
	case sent != "" && !declared && (f.has("what is no hash is signed") || f.has("UNSIGNED-PAYLOAD is signed") && sent == "UNSIGNED-PAYLOAD"),
		declared && right && f.has("right hashes are refused"),
		declared && right && f.has("upper case is another hash") && strings.ToLower(sent) != sent,
		declared && !right && large && !f.has("Lambda does not check"),
		declared && !right && !large && f.has("the edge does not check"),
		large && !declared && f.has("a cut body is hashed"):
		lambdaRefuses(w, "InvalidSignatureException", "message")
	case large && !declared:
		f.refuse(w, 413, "body_too_large")
	case declared && !right && !large:
		f.refuse(w, 400, "body_hash_mismatch")
	default:
		return true
	}
	return false
}

func (f *fake) refuse(w http.ResponseWriter, status int, code string) {
	remedy := "Send the hash."
	if f.has("refusals give no remedy") {
		remedy = ""
	}
	answerJSON(w, status, map[string]string{"error": code, "message": "It cannot be.", "remedy": remedy})
}

func lambdaRefuses(w http.ResponseWriter, errorType, key string) {
	w.Header().Set("X-Amzn-Errortype", errorType)
	answerJSON(w, 403, map[string]string{key: "Forbidden. The request signature we calculated does not match."})
}

func cloudfrontRefuses(w http.ResponseWriter, status int) {
	w.Header().Set("X-Cache", "Error from cloudfront")
	w.Header().Set("Content-Type", "text/html")
	w.WriteHeader(status)
	io.WriteString(w, "<H1>ERROR</H1><HR noshade>Request blocked.")
}

func answerJSON(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(v)
}
