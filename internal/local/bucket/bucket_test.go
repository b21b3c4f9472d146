package bucket

import (
	"encoding/xml"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/cloudfurl/cloudfurl/internal/local/iam"
	"github.com/cloudfurl/cloudfurl/internal/local/sigv4"
)

func TestBucket_serves_an_object_to_the_distribution(t *testing.T) {
	b, _ := newBucket(t, readPolicy, Layer{Dirs: []string{tree(t, map[string]string{"a/index.html": "<p>hi"})}})
	resp, body := send(t, b, signed(t, request(t, http.MethodGet, "/a/index.html")))
	want(t, resp, body, http.StatusOK, "<p>hi")
	for name, value := range map[string]string{
		"Content-Type": "text/html", "Content-Length": "5", "Accept-Ranges": "bytes", "Server": "AmazonS3",
		"X-Amz-Server-Side-Encryption": "AES256",
	} {
		if got := resp.Header.Get(name); got != value {
			t.Errorf("%s is %q, want %q", name, got, value)
		}
	}
	head, nothing := send(t, b, signed(t, request(t, http.MethodHead, "/a/index.html")))
	if head.StatusCode != http.StatusOK || nothing != "" || head.ContentLength != 5 || head.Header.Get("Etag") != resp.Header.Get("Etag") {
		t.Errorf("HEAD: got %d, %d bytes declared, %q", head.StatusCode, head.ContentLength, nothing)
	}
}

func TestBucket_reads_keys_as_S3_does(t *testing.T) {
	dir := tree(t, map[string]string{
		"a b.txt": "space", "a+b.txt": "plus", "ü.txt": "umlaut", "d/e.txt": "nested", "100%.txt": "percent", "...": "dots",
	})
	outside := filepath.Join(filepath.Dir(dir), "secret.txt")
	if err := os.WriteFile(outside, []byte("secret"), 0o644); err != nil {
		t.Fatal(err)
	}
	b, _ := newBucket(t, listPolicy, Layer{Dirs: []string{dir}})
	tests := []struct {
		path   string
		status int
		body   string
	}{
		{"/a%20b.txt", 200, "space"},
		{"/a+b.txt", 200, "space"},
		{"/a%2Bb.txt", 200, "plus"},
		{"/%C3%BC.txt", 200, "umlaut"},
		{"/d/e.txt", 200, "nested"},
		{"/d%2Fe.txt", 200, "nested"},
		{"/100%25.txt", 200, "percent"},
		{"/...", 200, "dots"},
		{"/d", 404, "NoSuchKey"},
		{"/d/", 404, "NoSuchKey"},
		{"//d/e.txt", 404, "NoSuchKey"},
		{"/d//e.txt", 404, "NoSuchKey"},
		{"/d/e.txt/f", 404, "NoSuchKey"},
		{"/D/e.txt", 404, "NoSuchKey"},
		{"/../secret.txt", 404, "NoSuchKey"},
		{"/d/../../secret.txt", 404, "NoSuchKey"},
		{"/%2e%2e/secret.txt", 404, "NoSuchKey"},
		{"/..%2fsecret.txt", 404, "NoSuchKey"},
		{"/a%00b", 404, "NoSuchKey"},
		{"/" + strings.Repeat("x", 300), 404, "NoSuchKey"},
		{"/" + strings.Repeat("x", 1025), 400, "KeyTooLongError"},
		{"/%ff", 400, "InvalidURI"},
		{"/", 501, "NotImplemented"},
		{"/d/e.txt?v=1", 200, "nested"},
		{"/d/e.txt?response-content-type=text%2Fcsv", 200, "nested"},
	}
	for _, test := range tests {
		t.Run(test.path, func(t *testing.T) {
			resp, body := send(t, b, signed(t, request(t, http.MethodGet, test.path)))
			want(t, resp, body, test.status, test.body)
		})
	}
}

func TestBucket_supports_only_the_methods_of_reading(t *testing.T) {
	writing := permits("s3:PutObject", "*")
	tests := []struct {
		method   string
		policies []*iam.Policy
		status   int
		code     string
	}{
		{http.MethodPut, readPolicy, 403, "AccessDenied"},
		{http.MethodPut, writing, 501, "NotImplemented"},
		{http.MethodDelete, writing, 403, "AccessDenied"},
		{http.MethodPost, writing, 405, "MethodNotAllowed"},
		{http.MethodPatch, writing, 405, "MethodNotAllowed"},
		{http.MethodOptions, readPolicy, 403, "AccessForbidden"},
	}
	for _, test := range tests {
		b, log := newBucket(t, test.policies)
		resp, body := send(t, b, signed(t, request(t, test.method, "/a")))
		want(t, resp, body, test.status, "<Code>"+test.code+"</Code>")
		if !strings.Contains(log.String(), "cause=") || !strings.Contains(log.String(), "hint=") {
			t.Errorf("%s: the log names no cause and hint: %s", test.method, log)
		}
	}
}

func TestBucket_responds_with_errors_in_S3s_XML(t *testing.T) {
	b, log := newBucket(t, listPolicy)
	resp, body := send(t, b, signed(t, request(t, http.MethodGet, "/a%20%3C")))
	var document struct{ Code, Message, Key, RequestId, HostId string }
	if err := xml.Unmarshal([]byte(body), &document); err != nil {
		t.Fatalf("%v: %s", err, body)
	}
	if document.Code != "NoSuchKey" || document.Key != "a <" || document.RequestId != resp.Header.Get("X-Amz-Request-Id") || document.HostId == "" {
		t.Errorf("got %+v", document)
	}
	if resp.Header.Get("Content-Type") != "application/xml" {
		t.Errorf("Content-Type is %s", resp.Header.Get("Content-Type"))
	}
	if !strings.Contains(log.String(), "the local edge has no content for it") {
		t.Errorf("the log does not say that there is no content: %s", log)
	}
	head, nothing := send(t, b, signed(t, request(t, http.MethodHead, "/a")))
	want(t, head, nothing, http.StatusNotFound, "")
	if nothing != "" {
		t.Errorf("HEAD got the body %q", nothing)
	}
}

func TestBucket_rejects_a_host_that_names_another_bucket(t *testing.T) {
	b, _ := newBucket(t, publicPolicy, Layer{Dirs: []string{tree(t, map[string]string{"a": "a"})}})
	req := request(t, http.MethodGet, "/a")
	req.Host = "www.example.com"
	resp, body := send(t, b, req)
	want(t, resp, body, http.StatusNotFound, "NoSuchBucket")
}

func TestBucket_rejects_signatures_that_do_not_match(t *testing.T) {
	b, _ := newBucket(t, readPolicy, Layer{Dirs: []string{tree(t, map[string]string{"a": "a", "b": "b"})}})
	tests := []struct {
		name   string
		change func(*http.Request)
		status int
		code   string
	}{
		{"path", func(r *http.Request) { r.URL.Path = "/b" }, 403, "SignatureDoesNotMatch"},
		{"key", func(r *http.Request) {
			r.Header.Set("Authorization", strings.Replace(r.Header.Get("Authorization"), "ASIALOCALEXAMPLE0000", "ASIAOTHER", 1))
		}, 403, "InvalidAccessKeyId"},
		{"scheme", func(r *http.Request) { r.Header.Set("Authorization", "Bearer x") }, 400, "Unsupported Authorization Type"},
		{"malformed", func(r *http.Request) { r.Header.Set("Authorization", "AWS4-HMAC-SHA256 nothing") }, 400, "AuthorizationHeaderMalformed"},
		{"no hash", func(r *http.Request) { r.Header.Del("X-Amz-Content-Sha256") }, 403, "SignatureDoesNotMatch"},
		{"unsigned", func(r *http.Request) { r.Header.Del("Authorization") }, 403, "AccessDenied"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			req := signed(t, request(t, http.MethodGet, "/a"))
			test.change(req)
			resp, body := send(t, b, req)
			want(t, resp, body, test.status, test.code)
		})
	}
	other := request(t, http.MethodGet, "/a")
	other.Header.Set("X-Amz-Content-Sha256", sigv4.UnsignedPayload)
	sigv4.Sign(other, sigv4.UnsignedPayload, testCloudFront.Credentials, "lambda", "eu-west-1", time.Now())
	resp, body := send(t, b, other)
	want(t, resp, body, http.StatusForbidden, "SignatureDoesNotMatch")
}

func TestBucket_streams_a_large_object_in_flat_memory(t *testing.T) {
	const size = 256 << 20
	dir := t.TempDir()
	file, err := os.Create(filepath.Join(dir, "large.bin"))
	if err != nil {
		t.Fatal(err)
	}
	if err := file.Truncate(size); err != nil {
		t.Fatal(err)
	}
	file.Close()
	b, _ := newBucket(t, readPolicy, Layer{Dirs: []string{dir}})
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	resp, err := b.RoundTrip(signed(t, request(t, http.MethodGet, "/large.bin")))
	if err != nil {
		t.Fatal(err)
	}
	n, err := io.Copy(struct{ io.Writer }{io.Discard}, resp.Body)
	resp.Body.Close()
	runtime.ReadMemStats(&after)
	if err != nil || n != size || resp.ContentLength != size {
		t.Errorf("got %d bytes of %d: %v", n, resp.ContentLength, err)
	}
	if allocated := after.TotalAlloc - before.TotalAlloc; allocated > 4<<20 {
		t.Errorf("allocated %d bytes for a stream of %d", allocated, size)
	}
}

func TestBucket_says_why_a_file_cannot_be_read(t *testing.T) {
	dir := tree(t, map[string]string{"a": "a"})
	if err := os.Symlink("/etc/hostname", filepath.Join(dir, "link")); err != nil {
		t.Fatal(err)
	}
	b, log := newBucket(t, readPolicy, Layer{Dirs: []string{dir}})
	resp, body := send(t, b, signed(t, request(t, http.MethodGet, "/link")))
	want(t, resp, body, http.StatusInternalServerError, "InternalError")
	if !strings.Contains(log.String(), "escapes") {
		t.Errorf("the log does not say what is wrong with the link: %s", log)
	}
}

func TestNew_rejects_a_layer_without_a_directory(t *testing.T) {
	ok := Config{Name: "site", ARN: "arn:aws:s3:::site", Region: "eu-west-1", Account: "111122223333", Hosts: []string{testHost}, Verifier: &sigv4.Verifier{}}
	file := filepath.Join(tree(t, map[string]string{"f": ""}), "f")
	tests := []struct {
		change func(*Config)
		want   string
	}{
		{func(c *Config) { c.Layers = []Layer{{Dirs: []string{"/no/such/dir"}}} }, "/no/such/dir: directory doesn't exist"},
		{func(c *Config) { c.Layers = []Layer{{Dirs: []string{file}}} }, "isn't a directory"},
	}
	for _, test := range tests {
		config := ok
		test.change(&config)
		if _, err := New(config, nil); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("got %v, want %q", err, test.want)
		}
	}
}
