package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// serve runs the demo in an ordinary server and returns its URL.
func serve(t *testing.T, p pace) string {
	server := httptest.NewServer(newHandler(p))
	t.Cleanup(server.Close)
	return server.URL
}

type received struct {
	*http.Response
	body string
}

func send(t *testing.T, method, url, body string, header map[string]string) received {
	t.Helper()
	request, err := http.NewRequest(method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range header {
		request.Header.Set(name, value)
	}
	response, err := http.DefaultTransport.RoundTrip(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	got, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	http.DefaultTransport.(*http.Transport).CloseIdleConnections()
	return received{response, string(got)}
}

const wholeStream = `{"event":"start","message":"streaming begin"}
{"event":"data","index":0,"token":"Hello"}
{"event":"data","index":1,"token":" "}
{"event":"data","index":2,"token":"World"}
{"event":"data","index":3,"token":"!"}
{"event":"end","message":"done"}
`

func TestStream_sends_the_lines_of_the_original_system(t *testing.T) {
	url := serve(t, pace{})
	for _, method := range []string{"GET", "POST"} {
		got := send(t, method, url+"/?q=1", "", map[string]string{"X-Original-Host": "www.example.com"})
		if diff := cmp.Diff(wholeStream, got.body); diff != "" {
			t.Errorf("%s / (-want +got):\n%s", method, diff)
		}
		for name, want := range map[string]string{
			"Content-Type":           "application/x-ndjson",
			"Cache-Control":          "no-store",
			"X-AggregateInfo-Result": "OK",
			"X-Request-Host":         "www.example.com",
			"X-Content-Type-Options": "nosniff",
			"Content-Length":         "",
		} {
			if got.Header.Get(name) != want {
				t.Errorf("%s /: %s is %q, want %q", method, name, got.Header.Get(name), want)
			}
		}
	}
}

func TestStream_keeps_the_case_of_X_AggregateInfo_Result(t *testing.T) {
	recorder := httptest.NewRecorder()
	newHandler(pace{}).ServeHTTP(recorder, httptest.NewRequest("GET", "/", nil))
	written := map[string][]string(recorder.Header())
	if _, ok := written["X-AggregateInfo-Result"]; !ok {
		t.Errorf("headers are %v, want X-AggregateInfo-Result in this case", recorder.Header())
	}
}

func TestStream_reports_the_host_as_unknown_without_original_host(t *testing.T) {
	if got := send(t, "GET", serve(t, pace{}), "", nil).Header.Get("X-Request-Host"); got != "unknown" {
		t.Errorf("X-Request-Host is %q, want unknown", got)
	}
}

func TestStream_responds_to_HEAD_with_the_header_only(t *testing.T) {
	got := send(t, "HEAD", serve(t, pace{time.Hour, time.Hour}), "", nil)
	if got.StatusCode != 200 || got.body != "" || got.Header.Get("X-AggregateInfo-Result") != "OK" {
		t.Errorf("HEAD: got %d %q %v, want 200 and the header only", got.StatusCode, got.body, got.Header)
	}
}

// A timed response notes how many lines there are at each flush, and when it is.
type timed struct {
	*httptest.ResponseRecorder
	began time.Time
	got   []string
}

func (r *timed) Flush() {
	r.got = append(r.got, fmt.Sprintf("%d lines after %v", strings.Count(r.Body.String(), "\n"), time.Since(r.began)))
}

func TestStream_keeps_its_pace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		response := &timed{ResponseRecorder: httptest.NewRecorder(), began: time.Now()}
		newHandler(pace{500 * time.Millisecond, 300 * time.Millisecond}).ServeHTTP(response, httptest.NewRequest("GET", "/", nil))
		want := []string{
			"0 lines after 0s", "1 lines after 0s", "2 lines after 500ms", "3 lines after 800ms", "4 lines after 1.1s", "5 lines after 1.4s", "6 lines after 1.4s",
		}
		if diff := cmp.Diff(want, response.got); diff != "" {
			t.Errorf("flushes (-want +got):\n%s", diff)
		}
	})
}

func TestStream_stops_when_the_viewer_disconnects(t *testing.T) {
	ctx, leave := context.WithCancel(context.Background())
	ended := make(chan struct{})
	request := httptest.NewRequest("GET", "/", nil).WithContext(ctx)
	recorder := httptest.NewRecorder()
	go func() {
		newHandler(pace{time.Hour, time.Hour}).ServeHTTP(recorder, request)
		close(ended)
	}()
	leave()
	select {
	case <-ended:
	case <-time.After(5 * time.Second):
		t.Fatal("the stream continues after the viewer disconnected")
	}
	if strings.Contains(recorder.Body.String(), "Hello") {
		t.Errorf("the stream sent %q after the viewer disconnected", recorder.Body)
	}
}

func TestEcho_returns_any_body_byte_for_byte(t *testing.T) {
	url := serve(t, pace{}) + "/echo"
	every := make([]byte, 256)
	for i := range every {
		every[i] = byte(i)
	}
	for name, body := range map[string][]byte{"empty": nil, "one byte": {0}, "every byte": every, "1 MB": bytes.Repeat(every, 4096), "6 MB": bytes.Repeat(every, 24576)} {
		for _, method := range []string{"POST", "PUT", "PATCH", "DELETE"} {
			got := send(t, method, url, string(body), map[string]string{"X-Original-Host": "www.example.com"})
			sum := sha256.Sum256(body)
			if got.body != string(body) || got.Header.Get("X-Body-Sha256") != hex.EncodeToString(sum[:]) {
				t.Errorf("%s of %s: %d bytes with hash %s returned", method, name, len(got.body), got.Header.Get("X-Body-Sha256"))
			}
			if got.Header.Get("X-Request-Host") != "www.example.com" || got.Header.Get("Content-Type") != "application/octet-stream" {
				t.Errorf("%s of %s: headers are %v", method, name, got.Header)
			}
		}
	}
}

func TestEcho_keeps_the_content_type(t *testing.T) {
	got := send(t, "POST", serve(t, pace{})+"/echo", "{}", map[string]string{"Content-Type": "application/vnd.x+json; a=b"})
	if got.Header.Get("Content-Type") != "application/vnd.x+json; a=b" {
		t.Errorf("Content-Type is %q, want the request's", got.Header.Get("Content-Type"))
	}
}

func TestEcho_rejects_more_than_Lambda_accepts(t *testing.T) {
	got := send(t, "POST", serve(t, pace{})+"/echo", strings.Repeat("x", maxBody+1), nil)
	checkError(t, got, 413, "6 MB")
}

func TestDemo_rejects_other_methods_and_lists_the_allowed_ones(t *testing.T) {
	url := serve(t, pace{})
	for _, c := range []struct{ method, path, allow string }{
		{"PUT", "/", "GET, HEAD, POST"},
		{"DELETE", "/", "GET, HEAD, POST"},
		{"GET", "/echo", "POST, PUT, PATCH, DELETE"},
		{"OPTIONS", "/echo", "POST, PUT, PATCH, DELETE"},
	} {
		got := send(t, c.method, url+c.path, "", nil)
		checkError(t, got, 405, c.method+" isn't allowed")
		if got.Header.Get("Allow") != c.allow {
			t.Errorf("%s %s: Allow is %q, want %q", c.method, c.path, got.Header.Get("Allow"), c.allow)
		}
	}
}

func TestDemo_responds_with_404_in_JSON(t *testing.T) {
	url := serve(t, pace{})
	for _, path := range []string{"/nothing", "/echo/", "/inspector", "//"} {
		checkError(t, send(t, "GET", url+path, "", nil), 404, "nothing at "+path)
	}
}

func checkError(t *testing.T, got received, status int, want string) {
	t.Helper()
	var body struct{ Error struct{ Message string } }
	err := json.Unmarshal([]byte(got.body), &body)
	if got.StatusCode != status || err != nil || !strings.Contains(body.Error.Message, want) || got.Header.Get("Content-Type") != "application/json" {
		t.Errorf("got %d %q as %s (%v), want %d with %q in JSON", got.StatusCode, got.body, got.Header.Get("Content-Type"), err, status, want)
	}
}
