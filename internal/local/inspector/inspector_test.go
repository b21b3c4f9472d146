package inspector_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/cloudfurl/cloudfurl/internal/local/inspector"
	"github.com/cloudfurl/cloudfurl/internal/local/trace"
)

// start serves an inspector, and an edge whose handler responds.
func start(t *testing.T, handler http.HandlerFunc) (page, edge *httptest.Server) {
	t.Helper()
	log := trace.NewLog(300)
	traced := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		recorded := log.Begin(r)
		w, r = recorded.Record(w, r)
		defer recorded.End(false)
		handler(w, r)
	})
	edge = httptest.NewServer(traced)
	page = httptest.NewServer(inspector.New(log, traced, func() string { return edge.URL + "/" }))
	t.Cleanup(func() {
		page.CloseClientConnections()
		page.Close()
		edge.Close()
	})
	return page, edge
}

func echo(w http.ResponseWriter, r *http.Request) {
	io.Copy(w, r.Body)
}

// do sends a request and returns its response with the body read.
func do(t *testing.T, method, url, body string, header ...string) (*http.Response, string) {
	t.Helper()
	r, err := http.NewRequest(method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
		if header[i] == "Host" {
			r.Host = header[i+1]
		}
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	got, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp, string(got)
}

// requests returns the ids in the list and the whole answer.
func requests(t *testing.T, page *httptest.Server) (ids []int64, text string) {
	t.Helper()
	_, text = do(t, "GET", page.URL+"/api/requests", "")
	var list struct{ Requests []trace.Summary }
	if err := json.Unmarshal([]byte(text), &list); err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	for _, r := range list.Requests {
		ids = append(ids, r.ID)
	}
	return ids, text
}

func TestInspector_lists_and_shows_requests(t *testing.T) {
	page, edge := start(t, echo)
	if ids, text := requests(t, page); len(ids) != 0 || !strings.Contains(text, `"requests":[]`) || !strings.Contains(text, edge.URL+"/") {
		t.Errorf("before the first request: got %s", text)
	}
	do(t, "GET", edge.URL+"/first", "")
	do(t, "POST", edge.URL+"/second", "hello")
	if ids, text := requests(t, page); fmt.Sprint(ids) != "[2 1]" {
		t.Errorf("got %s, want the newest first", text)
	}
	resp, text := do(t, "GET", page.URL+"/api/requests/2", "")
	var view trace.View
	if err := json.Unmarshal([]byte(text), &view); err != nil || view.Target != "/second" || view.Request.Body != "hello" || view.Response.Body != "hello" {
		t.Errorf("got %s, %v", text, err)
	}
	if got := resp.Header.Get("Content-Type"); got != "application/json" {
		t.Errorf("got Content-Type %s", got)
	}
}

func TestInspector_says_that_a_request_is_gone(t *testing.T) {
	page, edge := start(t, echo)
	do(t, "GET", edge.URL, "")
	if resp, _ := do(t, "DELETE", page.URL+"/api/requests", ""); resp.StatusCode != http.StatusNoContent {
		t.Errorf("clearing: got %s", resp.Status)
	}
	if ids, _ := requests(t, page); len(ids) != 0 {
		t.Errorf("after clearing: got %v", ids)
	}
	for _, path := range []string{"GET /api/requests/1", "GET /api/requests/0", "GET /api/requests/x", "POST /api/requests/1/replay"} {
		method, path, _ := strings.Cut(path, " ")
		if resp, text := do(t, method, page.URL+path, ""); resp.StatusCode != http.StatusNotFound || !strings.Contains(text, `{"error":"there is no request `) {
			t.Errorf("%s %s: got %s %s", method, path, resp.Status, text)
		}
	}
}

func TestInspector_replays_a_request(t *testing.T) {
	page, edge := start(t, echo)
	do(t, "PUT", edge.URL+"/a?b=c", "hello", "X-Custom", "yes")
	resp, text := do(t, "POST", page.URL+"/api/requests/1/replay", "")
	if resp.StatusCode != http.StatusOK || strings.TrimSpace(text) != `{"id":2}` {
		t.Fatalf("got %s %s", resp.Status, text)
	}
	var view trace.View
	for !view.Done {
		_, text = do(t, "GET", page.URL+"/api/requests/2", "")
		if err := json.Unmarshal([]byte(text), &view); err != nil {
			t.Fatal(err)
		}
	}
	if view.Method != "PUT" || view.Target != "/a?b=c" || view.Request.Body != "hello" || !strings.Contains(text, `["X-Custom","yes"]`) || view.Response.Body != "hello" {
		t.Errorf("got %s", text)
	}
}

func TestInspector_replays_no_part_of_a_body(t *testing.T) {
	page, edge := start(t, echo)
	do(t, "POST", edge.URL, strings.Repeat("x", 10_000))
	resp, text := do(t, "POST", page.URL+"/api/requests/1/replay", "")
	if resp.StatusCode != http.StatusConflict || !strings.Contains(text, "can't send request 1 again: ") || !strings.Contains(text, "whole") {
		t.Errorf("got %s %s", resp.Status, text)
	}
}

func TestInspector_sends_events(t *testing.T) {
	page, edge := start(t, echo)
	resp, err := http.Get(page.URL + "/api/events")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if got := resp.Header.Get("Content-Type"); got != "text/event-stream" {
		t.Errorf("got Content-Type %s", got)
	}
	do(t, "GET", edge.URL+"/%0Adata:%20x", "")
	for lines := bufio.NewScanner(resp.Body); lines.Scan(); {
		data, found := strings.CutPrefix(lines.Text(), "data: ")
		if !found {
			continue
		}
		var summary trace.Summary
		if err := json.Unmarshal([]byte(data), &summary); err != nil || summary.ID != 1 || summary.Target != "/%0Adata:%20x" {
			t.Fatalf("got %s, %v", data, err)
		}
		if summary.Done {
			return
		}
	}
	t.Error("the stream ended before the request's last event")
}

func TestInspector_sends_fewer_events_than_there_are(t *testing.T) {
	page, edge := start(t, echo)
	resp, err := http.Get(page.URL + "/api/events")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	const count = 200
	go func() {
		for range count {
			http.Get(edge.URL) // its begin, its first byte and its end are events
		}
	}()
	events, done := 0, map[int64]bool{}
	for lines := bufio.NewScanner(resp.Body); len(done) < count && lines.Scan(); {
		data, found := strings.CutPrefix(lines.Text(), "data: ")
		if !found {
			continue
		}
		var summary trace.Summary
		if err := json.Unmarshal([]byte(data), &summary); err != nil {
			t.Fatal(err)
		}
		events++
		if summary.Done {
			done[summary.ID] = true
		}
	}
	if len(done) != count || events > 2*count {
		t.Errorf("got %d events and the end of %d requests", events, len(done))
	}
}

func TestInspector_serves_the_page_with_a_strict_policy(t *testing.T) {
	page, _ := start(t, echo)
	for path, kind := range map[string]string{"/": "text/html", "/inspector.css": "text/css", "/inspector.js": "text/javascript", "/icon.svg": "image/svg+xml"} {
		resp, _ := do(t, "GET", page.URL+path, "")
		if resp.StatusCode != http.StatusOK || !strings.HasPrefix(resp.Header.Get("Content-Type"), kind) {
			t.Errorf("%s: got %s %s", path, resp.Status, resp.Header.Get("Content-Type"))
		}
		policy := resp.Header.Get("Content-Security-Policy")
		if !strings.HasPrefix(policy, "default-src 'none'; script-src 'self'; style-src 'self'") || strings.Contains(policy, "unsafe") {
			t.Errorf("%s: got the policy %q", path, policy)
		}
	}
}

func TestInspector_rejects_names_that_are_not_this_machines(t *testing.T) {
	page, _ := start(t, echo)
	_, port, err := net.SplitHostPort(page.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	for host, want := range map[string]int{
		"127.0.0.1:" + port: 200, "127.8.8.8:" + port: 200, "[::1]:" + port: 200, "LocalHost:" + port: 200, "inspector.localhost:" + port: 200,
		"evil.example:" + port: 421, "127.0.0.1.evil.example:" + port: 421, "localhost.evil.example:" + port: 421, "192.168.0.1:" + port: 421,
		"127.0.0.1": 421, "127.0.0.1:1": 421, "localhost:": 421, "evillocalhost:" + port: 421,
	} {
		for _, path := range []string{"/", "/api/requests", "/api/requests/1"} {
			resp, text := do(t, "GET", page.URL+path, "", "Host", host)
			if want == 421 && resp.StatusCode != 421 || want == 200 && resp.StatusCode == 421 {
				t.Errorf("%s%s: got %s %s, want %d", host, path, resp.Status, text, want)
			}
		}
	}
}

func TestInspector_rejects_what_other_sites_send(t *testing.T) {
	page, edge := start(t, echo)
	do(t, "GET", edge.URL, "")
	for _, header := range [][]string{
		{"Sec-Fetch-Site", "cross-site"}, {"Sec-Fetch-Site", "same-site"}, {"Origin", "http://evil.example"}, {"Origin", "null"}, {"Origin", "http://127.0.0.1:1"},
	} {
		for _, what := range []string{"POST /api/requests/1/replay", "DELETE /api/requests"} {
			method, path, _ := strings.Cut(what, " ")
			if resp, text := do(t, method, page.URL+path, "", header...); resp.StatusCode != http.StatusForbidden {
				t.Errorf("%s with %v: got %s %s", what, header, resp.Status, text)
			}
		}
	}
	if ids, _ := requests(t, page); fmt.Sprint(ids) != "[1]" {
		t.Errorf("the requests are %v, want the first only", ids)
	}
	for _, header := range [][]string{{}, {"Sec-Fetch-Site", "same-origin"}, {"Origin", page.URL}} {
		if resp, text := do(t, "POST", page.URL+"/api/requests/1/replay", "", header...); resp.StatusCode != http.StatusOK {
			t.Errorf("with %v: got %s %s", header, resp.Status, text)
		}
	}
}
