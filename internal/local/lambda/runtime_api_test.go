package lambda

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestRuntimeAPI_admits_one_response_for_the_right_request(t *testing.T) {
	f, _, r := newFakeRuntime(t, nil)
	result := r.fetch(f, "id-1")

	status, _, body := r.do("POST", invocationPath+"other/response", "x")
	r.want("a wrong id", 400, "InvalidRequestID", status, body)
	status, _, body = r.do("POST", invocationPath+"other/error", "{}")
	r.want("an error for a wrong id", 400, "InvalidRequestID", status, body)
	status, _, body = r.do("GET", invocationPath+"next", "")
	r.want("next before the response", 403, "InvalidStateTransition", status, body)
	status, _, body = r.do("POST", "/2018-06-01/runtime/init/error", "{}")
	r.want("an init error after init", 403, "InvalidStateTransition", status, body)
	status, _, body = r.do("POST", invocationPath+"id-1/response", "done")
	r.want("the response", 202, "OK", status, body)
	status, _, body = r.do("POST", invocationPath+"id-1/response", "again")
	r.want("a second response", 403, "InvalidStateTransition", status, body)
	status, _, body = r.do("POST", invocationPath+"id-1/error", "{}")
	r.want("an error after the response", 403, "InvalidStateTransition", status, body)
	if got := <-result; got.body != "done" || got.err != nil {
		t.Errorf("the caller got %+v", got)
	}
	status, _, _ = r.do("GET", "/2018-06-01/unknown", "")
	r.want("an unknown path", 404, "", status, "")
}

func TestRuntimeAPI_passes_errors_on(t *testing.T) {
	f, _, r := newFakeRuntime(t, nil)
	for i, test := range []struct{ header, body, wantType, wantMessage string }{
		{"", `{"errorType":"A.B","errorMessage":"m","stackTrace":[]}`, "A.B", "m"},
		{"Function.Unknown", `{"errorMessage":"m"}`, "Function.Unknown", "m"},
		{"Function.Unknown", `not JSON`, "Function.Unknown", ""},
		{"", ``, "Runtime.Unknown", ""},
	} {
		id := fmt.Sprintf("id-%d", i)
		result := r.fetch(f, id)
		status, _, body := r.do("POST", invocationPath+id+"/error", test.body, "Lambda-Runtime-Function-Error-Type", test.header)
		r.want("the error", 202, "OK", status, body)
		got := <-result
		var failure *FunctionError
		if !errors.As(got.err, &failure) || failure.Type != test.wantType || failure.Message != test.wantMessage {
			t.Errorf("%+v: the caller got %v", test, got.err)
		}
	}
}

func TestRuntimeAPI_tells_the_runtime_that_its_response_was_too_large(t *testing.T) {
	f, _, r := newFakeRuntime(t, nil)
	waiting := make(chan struct{})
	go func() {
		defer close(waiting)
		r.do("GET", invocationPath+"next", "")
	}()
	var response *Response
	eventually(t, "the runtime waits", func() bool { f.mu.Lock(); defer f.mu.Unlock(); return len(f.idle) == 1 })
	done := make(chan error)
	go func() {
		var err error
		if response, err = f.Invoke(context.Background(), JSON(nil), InvokeOptions{RequestID: "id-1", MaxResponse: 3}); err == nil {
			_, err = io.ReadAll(response.Body)
		}
		done <- err
	}()
	<-waiting
	status, _, body := r.do("POST", invocationPath+"id-1/response", "four")
	r.want("the response", 413, "RequestEntityTooLarge", status, body)
	var failure *FunctionError
	if err := <-done; !errors.As(err, &failure) || failure.Type != "Function.ResponseSizeTooLarge" {
		t.Errorf("the caller got %v", err)
	}
}

func TestRuntimeAPI_reports_a_truncated_response(t *testing.T) {
	f, _, r := newFakeRuntime(t, nil)
	result := r.fetch(f, "id-1")
	conn, err := net.Dial("tcp", strings.TrimPrefix(r.url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprintf(conn, "POST %sid-1/response HTTP/1.1\r\nHost: %s\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n", invocationPath, conn.RemoteAddr())
	conn.Close()
	got := <-result
	var failure *FunctionError
	if got.body != "half" || !errors.As(got.err, &failure) || failure.Type != "Runtime.TruncatedResponse" {
		t.Errorf("the caller got %+v", got)
	}
}

func TestRuntimeAPI_reports_an_init_error(t *testing.T) {
	_, _, r := newFakeRuntime(t, nil)
	status, _, body := r.do("POST", "/2018-06-01/runtime/init/error", `{"errorType":"Init.Bad","errorMessage":"no table"}`)
	r.want("the init error", 202, "OK", status, body)
	status, _, body = r.do("POST", "/2018-06-01/runtime/init/error", `{}`)
	r.want("a second one", 403, "InvalidStateTransition", status, body)
}

func TestRuntimeAPI_may_be_asked_again_for_an_event(t *testing.T) {
	f, _, r := newFakeRuntime(t, nil)
	conn, err := net.Dial("tcp", strings.TrimPrefix(r.url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprintf(conn, "GET %snext HTTP/1.1\r\nHost: %s\r\n\r\n", invocationPath, conn.RemoteAddr())
	eventually(t, "the runtime waits", func() bool { f.mu.Lock(); defer f.mu.Unlock(); return len(f.idle) == 1 })
	conn.Close()
	time.Sleep(50 * time.Millisecond)
	conn, err = net.Dial("tcp", strings.TrimPrefix(r.url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	fmt.Fprintf(conn, "GET %snext HTTP/1.1\r\nHost: %s\r\n\r\n", invocationPath, conn.RemoteAddr())
	result := start(f, "id-1")
	if line, err := bufio.NewReader(conn).ReadString('\n'); err != nil || line != "HTTP/1.1 200 OK\r\n" {
		t.Fatalf("next: %q, %v", line, err)
	}
	if status, _, _ := r.do("POST", invocationPath+"id-1/response", "done"); status != 202 {
		t.Errorf("the response: %d", status)
	}
	if got := <-result; got.body != "done" {
		t.Errorf("the caller got %+v", got)
	}
}

func TestRuntimeAPI_rejects_a_second_waiting_next(t *testing.T) {
	f, _, r := newFakeRuntime(t, nil)
	first := r.fetchLater(f)
	status, _, body := r.do("GET", invocationPath+"next", "")
	r.want("a second next", 403, "InvalidStateTransition", status, body)
	result := start(f, "id-1")
	if status := <-first; status != 200 {
		t.Errorf("the first next: %d", status)
	}
	status, _, body = r.do("POST", invocationPath+"id-1/response", "done")
	r.want("the response", 202, "OK", status, body)
	if got := <-result; got.body != "done" {
		t.Errorf("the caller got %+v", got)
	}
}

// fetchLater asks for the next event and returns the status when it comes.
func (r *fakeRuntime) fetchLater(f *Function) chan int {
	got := make(chan int, 1)
	go func() {
		status, _, _ := r.do("GET", invocationPath+"next", "")
		got <- status
	}()
	eventuallyIdle(r.t, f, 1)
	return got
}

// A page in a browser reaches loopback by a name of its own, or by the address.
func TestRuntimeAPI_rejects_browsers(t *testing.T) {
	_, _, r := newFakeRuntime(t, nil)
	for name, change := range map[string]func(*http.Request){
		"another host": func(req *http.Request) { req.Host = "rebound.example" },
		"a page":       func(req *http.Request) { req.Header.Set("Origin", "https://page.example") },
		"an image":     func(req *http.Request) { req.Header.Set("Sec-Fetch-Mode", "no-cors") },
	} {
		req, err := http.NewRequest("GET", r.url+invocationPath+"next", nil)
		if err != nil {
			t.Fatal(err)
		}
		change(req)
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != 403 {
			t.Errorf("%s: %d, want 403", name, resp.StatusCode)
		}
	}
}
