package client

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/cloudfurl/cloudfurl/client"
)

// local are the credentials that `cloudfurl local` prints.
var local = client.Credentials{AccessKeyID: "AKIALOCL111122223333", SecretAccessKey: "local/cloudfurl/secret/key/of/no/account"}

// An inspection is what the handler says about a request.
type inspection struct {
	Method, SHA256, Type, Authorization string
	Length                              int
}

// send sends a body through a transport and returns the status and the response.
func send(t *testing.T, transport http.RoundTripper, method, url string, body io.Reader, header ...string) (int, string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, url, body)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "text/plain")
	for i := 0; i < len(header); i += 2 {
		request.Header.Set(header[i], header[i+1])
	}
	response, err := (&http.Client{Transport: transport}).Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	got, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(got)
}

// arrived fails unless the handler got exactly the body, by a method.
func arrived(t *testing.T, name string, status int, response, method, body string) inspection {
	t.Helper()
	var got inspection
	sum := sha256.Sum256([]byte(body))
	if err := json.Unmarshal([]byte(response), &got); err != nil || status != http.StatusOK ||
		got.Method != method || got.Length != len(body) || got.SHA256 != hex.EncodeToString(sum[:]) {
		t.Errorf("%s: got %d %.300s, want 200 and %d bytes by %s", name, status, response, len(body), method)
	}
	return got
}

func TestBodyHasher_reaches_endpoints_that_need_the_hash(t *testing.T) {
	edge := serve(t)
	hasher := &client.BodyHasher{}
	large, binary := strings.Repeat("text ", 1<<20), strings.Repeat("\x00\xff\xfe\xfd", 1<<20)
	for _, path := range []string{"/inspect", "/edge/inspect"} {
		for name, test := range map[string]struct{ method, body string }{
			"POST": {"POST", "hello"}, "PUT": {"PUT", "hello"}, "PATCH": {"PATCH", "hello"}, "DELETE": {"DELETE", "hello"},
			"nothing by POST": {"POST", ""}, "5 MB of text": {"POST", large}, "4 MB of binary": {"POST", binary},
		} {
			name = path + " " + name
			header := []string{"Content-Type", "text/plain"}
			if test.body == binary {
				header[1] = "application/octet-stream"
			}
			status, got := send(t, hasher, test.method, edge.URL+path, strings.NewReader(test.body), header...)
			arrived(t, name, status, got, test.method, test.body)
			// A reader without GetBody, as of a file, is read into memory.
			status, got = send(t, hasher, test.method, edge.URL+path, io.MultiReader(strings.NewReader(test.body)), header...)
			arrived(t, name+" from a reader", status, got, test.method, test.body)
		}
		status, got := send(t, hasher, "GET", edge.URL+path, nil)
		arrived(t, path+" GET", status, got, "GET", "")
	}
	for path, want := range map[string]int{"/inspect": http.StatusLengthRequired, "/edge/inspect": http.StatusRequestEntityTooLarge} {
		if status, got := send(t, http.DefaultTransport, "POST", edge.URL+path, strings.NewReader(large)); status != want {
			t.Errorf("%s without a hash: got %d %s, want %d", path, status, got, want)
		}
		if status, got := send(t, hasher, "POST", edge.URL+path, bytes.NewReader(make([]byte, 5<<20)), "Content-Type", "image/png"); status != http.StatusRequestEntityTooLarge {
			t.Errorf("%s: got %d %s for 5 MB of binary, want 413: they are over 6 MB in base64", path, status, got)
		}
	}
}

func TestBodyHasher_follows_a_303_with_a_GET(t *testing.T) {
	edge := serve(t)
	for _, path := range []string{"/see-other", "/edge/see-other"} {
		status, got := send(t, &client.BodyHasher{}, "POST", edge.URL+path, strings.NewReader("hello"))
		arrived(t, path, status, got, "GET", "")
	}
}

func TestSigner_reaches_the_function_URL(t *testing.T) {
	edge := serve(t)
	const denied = "For troubleshooting Function URL authorization issues"
	if status, got := send(t, http.DefaultTransport, "POST", edge.FunctionURL+"/inspect", strings.NewReader("hello")); status != 403 || !strings.Contains(got, denied) {
		t.Errorf("unsigned: got %d %s, want 403", status, got)
	}
	signer := &client.Signer{Credentials: local, Region: "us-east-1"}
	for name, test := range map[string]struct{ method, path, body string }{
		"GET":                   {"GET", "/inspect", ""},
		"POST":                  {"POST", "/inspect", "hello"},
		"an escaped path":       {"POST", "/%69nspect", "hello"},
		"5 MB":                  {"PUT", "/inspect", strings.Repeat("text ", 1<<20)},
		"DELETE with a body":    {"DELETE", "/inspect", "hello"},
		"a query out of order":  {"POST", "/inspect?b=2&a=1&a=%2F+x&c&a%20=~", "hello"},
		"a query of many bytes": {"GET", "/inspect?q=%E2%82%AC%25%00", ""},
	} {
		status, got := send(t, signer, test.method, edge.FunctionURL+test.path, strings.NewReader(test.body))
		arrived(t, name, status, got, test.method, test.body)
	}
	status, got := send(t, signer, "GET", edge.FunctionURL+"/inspect", nil, "Authorization", "Bearer secret")
	if got := arrived(t, "with a bearer token", status, got, "GET", ""); got.Authorization != "Bearer secret" {
		t.Errorf("got Authorization %q, want the caller's", got.Authorization)
	}
	wrong := local
	wrong.SecretAccessKey += "x"
	if status, got := send(t, &client.Signer{Credentials: wrong, Region: "us-east-1"}, "POST", edge.FunctionURL+"/inspect", strings.NewReader("hello")); status != 403 || !strings.Contains(got, "signature we calculated does not match") {
		t.Errorf("another key: got %d %s, want 403", status, got)
	}
	if status, got := send(t, &client.Signer{Credentials: local, Region: "eu-west-1"}, "GET", edge.FunctionURL+"/inspect", nil); status != 403 || !strings.Contains(got, "valid region") {
		t.Errorf("another Region: got %d %s, want 403", status, got)
	}
}

func TestStreams_are_read_through_the_edge(t *testing.T) {
	edge := serve(t)
	request, err := http.NewRequestWithContext(t.Context(), "POST", edge.URL+"/events", strings.NewReader("hello"))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	c := &http.Client{Transport: &client.BodyHasher{}}
	for event, err := range client.Subscribe(request, &client.SubscribeOptions{Client: c}) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, event.ID+" "+event.Data)
	}
	if want := []string{"1 POST 1", "2 POST 2", "3 POST 3", "4 POST 4"}; !slices.Equal(got, want) {
		t.Errorf("got events %q, want %q", got, want)
	}
	response, err := http.Get(edge.URL + "/lines")
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	n := 0
	for lines := json.NewDecoder(response.Body); lines.More(); n++ {
		var line struct{ N int }
		if err := lines.Decode(&line); err != nil || line.N != n {
			t.Fatalf("got %v (%v), want %d", line, err, n)
		}
	}
	if n != 3 {
		t.Errorf("got %d lines, want 3", n)
	}
}
