package trace_test

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/cloudfurl/cloudfurl/internal/local/trace"
)

// serve sends a request through a handler that records into log.
func serve(log *trace.Log, r *http.Request, handle func(http.ResponseWriter, *http.Request, *trace.Trace)) int64 {
	var id int64
	recording(log, func(w http.ResponseWriter, r *http.Request, t *trace.Trace) {
		id = t.Summary().ID
		handle(w, r, t)
	}).ServeHTTP(httptest.NewRecorder(), r)
	return id
}

func recording(log *trace.Log, handle func(http.ResponseWriter, *http.Request, *trace.Trace)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		t := log.Begin(r)
		w, r = t.Record(w, r)
		defer func() {
			reason := recover()
			t.End(reason != nil)
		}()
		handle(w, r, t)
	})
}

func view(t *testing.T, log *trace.Log, id int64) trace.View {
	t.Helper()
	v, ok := log.Get(id)
	if !ok {
		t.Fatalf("request %d is gone", id)
	}
	return v
}

func get(target string) *http.Request { return httptest.NewRequest(http.MethodGet, target, nil) }

func TestTrace_shows_stages_with_what_they_changed(t *testing.T) {
	log := trace.NewLog(10)
	id := serve(log, get("/a"), func(w http.ResponseWriter, r *http.Request, tr *trace.Trace) {
		tr.ServedBy("App/Chat/Distribution")
		before := trace.State{Method: "GET", Path: "/a", Header: http.Header{"Host": {"x"}, "A": {"1"}, "B": {"1", "2"}}, Body: 3}
		after := trace.State{Method: "GET", Path: "/b", Query: "q", Header: http.Header{"Host": {"x"}, "B": {"1"}, "C": {"3"}}, Body: 4}
		s := tr.Enter(trace.In, "viewer-request", "App/Chat/OriginalHost", "DefaultCacheBehavior")
		tr.Fact("pattern", "/api/*")
		s.Leave(trace.Passed, before.ChangesTo(after)...)
		tr.Enter(trace.In, "methods", "", "").Leave(trace.Passed)
		io.WriteString(w, "hello")
	})
	v := view(t, log, id)
	var names []string
	for _, s := range v.Stages {
		names = append(names, s.Name+" "+s.Part+" "+s.Outcome)
	}
	want := []string{"connection App/Chat/Distribution passed", "viewer-request App/Chat/OriginalHost passed", "stream App/Chat/Distribution passed"}
	if !slices.Equal(names, want) {
		t.Errorf("got stages %q, want %q", names, want)
	}
	changes, _ := json.Marshal(v.Stages[1].Changes)
	wantChanges := `[{"what":"path","name":"","kind":"replaced","before":"/a","after":"/b"},{"what":"query","name":"","kind":"added","before":"","after":"q"},` +
		`{"what":"body","name":"","kind":"replaced","before":"3 bytes","after":"4 bytes"},{"what":"header","name":"A","kind":"removed","before":"1","after":""},` +
		`{"what":"header","name":"B","kind":"replaced","before":"1\n2","after":"1"},{"what":"header","name":"C","kind":"added","before":"","after":"3"}]`
	if string(changes) != wantChanges {
		t.Errorf("got changes\n%s, want\n%s", changes, wantChanges)
	}
	if v.Stages[1].Facts[0] != [2]string{"pattern", "/api/*"} || v.Status != 200 || !v.Done || v.Response.Body != "hello" || v.Failed != "" || v.Bytes != 5 {
		t.Errorf("got %+v", v)
	}
}

func TestTrace_names_the_stage_that_ended_the_request(t *testing.T) {
	log, missing := trace.NewLog(10), errors.New("a statement")
	for status, outcome := range map[int]string{http.StatusForbidden: trace.Refused, http.StatusBadGateway: trace.Failed} {
		id := serve(log, get("/"), func(w http.ResponseWriter, r *http.Request, tr *trace.Trace) {
			tr.ServedBy("App/Url")
			tr.Enter(trace.In, trace.Origin, "", "")
			tr.Enter(trace.In, "function URL", "App/Url", "")
			tr.Missing(missing)
			tr.Reject(nil, status, "no permission", "add one")
			w.WriteHeader(status)
		})
		v := view(t, log, id)
		last := len(v.Stages) - 1
		if v.Failed != "function URL" || v.Failure.Stage != last || v.Stages[last].Outcome != outcome || v.Failure.Statement != missing || v.Failure.Hint != "add one" {
			t.Errorf("%d: got %s, failure %+v, stage %+v", status, v.Failed, v.Failure, v.Stages[last])
		}
	}
}

func TestTrace_tells_how_a_stream_ended(t *testing.T) {
	log := trace.NewLog(10)
	id := serve(log, get("/"), func(w http.ResponseWriter, r *http.Request, tr *trace.Trace) {
		for range 600 {
			io.WriteString(w, "a")
			io.WriteString(w, "b")
			if err := http.NewResponseController(w).Flush(); err != nil {
				t.Error(err)
			}
		}
		panic(http.ErrAbortHandler)
	})
	v := view(t, log, id)
	if last := v.Stages[len(v.Stages)-1]; v.End != "cut off" || last.Name != "stream" || last.Outcome != trace.Cut {
		t.Errorf("got end %q, %+v", v.End, last)
	}
	if len(v.Chunks) != 500 || v.ChunksDropped != 100 || v.Chunks[0].Bytes != 2 {
		t.Errorf("got %d chunks of %d bytes, %d dropped", len(v.Chunks), v.Chunks[0].Bytes, v.ChunksDropped)
	}
}

func TestTrace_keeps_the_beginning_of_bodies(t *testing.T) {
	log := trace.NewLog(10)
	umlauts := strings.Repeat("x", 4095) + "ü and more"
	echo := func(w http.ResponseWriter, r *http.Request, tr *trace.Trace) { io.Copy(w, r.Body) }
	v := view(t, log, serve(log, httptest.NewRequest(http.MethodPost, "/", strings.NewReader(umlauts)), echo))
	for _, m := range []trace.Message{v.Request, v.Response} {
		if m.Body != umlauts[:4095] || m.BodyBase64 || m.BodyBytes != int64(len(umlauts)) {
			t.Errorf("got %d bytes of %d, base64 %v", len(m.Body), m.BodyBytes, m.BodyBase64)
		}
	}
	v = view(t, log, serve(log, httptest.NewRequest(http.MethodPost, "/", strings.NewReader("\xff\xfe")), echo))
	if v.Request.Body != "//4=" || !v.Request.BodyBase64 {
		t.Errorf("got %q, want base64", v.Request.Body)
	}
}

func TestTrace_hides_secrets(t *testing.T) {
	const secret = "s3cr3t-value"
	log := trace.NewLog(10)
	r := get("/a?b=1&access_token=" + secret + "&c=2")
	r.Header = http.Header{
		"Authorization":        {"AWS4-HMAC-SHA256 Credential=AKIA/20261201/us-east-1/lambda/aws4_request, SignedHeaders=host;x-amz-date, Signature=" + secret},
		"Cookie":               {"sid=" + secret + "; theme=" + secret},
		"X-Api-Key":            {secret},
		"X-Amz-Security-Token": {secret},
		"X-Plain":              {"plain"},
	}
	id := serve(log, r, func(w http.ResponseWriter, r *http.Request, tr *trace.Trace) {
		w.Header().Add("Set-Cookie", "sid="+secret+"; Path=/; HttpOnly")
		before, after := trace.State{Query: "token=" + secret}, trace.State{Header: http.Header{"X-Original-Authorization": {"Bearer " + secret + "2", secret + "3"}}}
		s := tr.Enter(trace.In, "origin access control", "", "")
		tr.Fact("canonical request", "x-amz-security-token:"+secret)
		s.Leave(trace.Passed, before.ChangesTo(after)...)
		tr.Print("info", "the token is "+secret)
		tr.Reject(nil, 403, "invalid "+secret, "not "+secret)
		io.WriteString(w, "you sent "+secret)
	})
	v := view(t, log, id)
	text, err := json.Marshal(v)
	if err != nil || strings.Contains(string(text), secret) {
		t.Errorf("%v: a secret is in %s", err, text)
	}
	for _, want := range []string{"SignedHeaders=host;x-amz-date, Signature=…", "Credential=AKIA/20261201/us-east-1/lambda/aws4_request", "sid=…; theme=…", "sid=…; Path=/; HttpOnly", "Bearer …", "access_token=…\\u0026c=2", `"plain"`} {
		if !strings.Contains(string(text), want) {
			t.Errorf("%s isn't in %s", want, text)
		}
	}
	if list, _ := log.Since(0); strings.Contains(list[0].Target, secret) {
		t.Errorf("a secret is in the target %s", list[0].Target)
	}
}

func TestTrace_hides_secrets_in_URLs_by_their_usual_names(t *testing.T) {
	const secret = "s3cr3t-value"
	for _, name := range []string{"api_key", "apikey", "X-Amz-Signature", "jwt", "client_assertion", "SAMLResponse", "pwd", "code"} {
		log := trace.NewLog(10)
		r := get("/a?b=1&" + name + "=" + secret + "&c=2")
		r.Header = http.Header{"Referer": {"https://example.com/?" + name + "=" + secret + "#top"}, "X-Goog-Iap-Jwt-Assertion": {secret}}
		id := serve(log, r, func(w http.ResponseWriter, r *http.Request, tr *trace.Trace) {
			w.Header().Set("Location", "/b#x=1&"+name+"="+secret)
		})
		text, err := json.Marshal(view(t, log, id))
		if err != nil || strings.Contains(string(text), secret) || !strings.Contains(string(text), "=…#top") {
			t.Errorf("%s: %v: want the secret hidden, and no more, in %s", name, err, text)
		}
	}
}

func TestLog_keeps_the_last_traces(t *testing.T) {
	log := trace.NewLog(3)
	for range 5 {
		serve(log, get("/"), func(http.ResponseWriter, *http.Request, *trace.Trace) {})
	}
	list, _ := log.Since(0)
	if len(list) != 3 || list[0].ID != 5 || list[2].ID != 3 {
		t.Errorf("got %+v", list)
	}
	if _, ok := log.Get(2); ok {
		t.Error("request 2 is still there")
	}
	log.Clear()
	if list, _ := log.Since(0); len(list) != 0 {
		t.Errorf("got %d after Clear", len(list))
	}
}

func TestLog_drops_large_traces_sooner(t *testing.T) {
	log := trace.NewLog(300)
	for range 300 {
		serve(log, get("/"), func(_ http.ResponseWriter, _ *http.Request, tr *trace.Trace) {
			for range 300 {
				tr.Print("info", strings.Repeat("x", 1000))
			}
		})
	}
	list, _ := log.Since(0)
	if len(list) < 60 || len(list) > 100 { // 8 MB of 200 lines of 500 bytes
		t.Errorf("got %d traces", len(list))
	}
	if v := view(t, log, list[0].ID); len(v.Logs) != 200 || len(v.Logs[0].Text) != 503 {
		t.Errorf("got %d lines of %d bytes", len(v.Logs), len(v.Logs[0].Text))
	}
}

// slow is a viewer that takes nothing until it is released.
type slow struct {
	http.ResponseWriter

	flushing, release chan struct{}
}

func (s slow) FlushError() error {
	close(s.flushing)
	<-s.release
	return nil
}

func TestLog_lists_requests_while_a_viewer_takes_nothing(t *testing.T) {
	log := trace.NewLog(3)
	viewer := slow{httptest.NewRecorder(), make(chan struct{}), make(chan struct{})}
	var served sync.WaitGroup
	served.Go(func() {
		recording(log, func(w http.ResponseWriter, _ *http.Request, _ *trace.Trace) {
			io.WriteString(w, "x")
			http.NewResponseController(w).Flush()
		}).ServeHTTP(viewer, get("/"))
	})
	<-viewer.flushing
	listed := make(chan []trace.Summary, 1)
	go func() {
		list, _ := log.Since(0)
		listed <- list
	}()
	select {
	case list := <-listed:
		if len(list) != 1 || list[0].Bytes != 1 {
			t.Errorf("got %+v", list)
		}
	case <-time.After(10 * time.Second):
		t.Error("List waits for the viewer")
	}
	close(viewer.release)
	served.Wait()
}

func TestLog_without_room_numbers_requests_only(t *testing.T) {
	for _, log := range []*trace.Log{nil, trace.NewLog(0)} {
		recording(log, func(w http.ResponseWriter, r *http.Request, tr *trace.Trace) {
			tr.Enter(trace.In, "behavior", "x", "").Leave(trace.Passed)
			tr.Handled("Handler#1", true)
			tr.Reject(nil, 502, "broke", "")
			io.WriteString(w, "x")
			if s := tr.Summary(); tr.Detailed() || s.Environment != "Handler#1" || s.Start != "cold" || s.Cause != "broke" || (s.ID > 0) != (log != nil) || len(tr.View().Stages) > 0 {
				t.Errorf("got %+v", s)
			}
		}).ServeHTTP(httptest.NewRecorder(), get("/"))
	}
}

func TestLog_tells_what_has_changed(t *testing.T) {
	log := trace.NewLog(3)
	serve(log, get("/"), func(http.ResponseWriter, *http.Request, *trace.Trace) {})
	_, state := log.Since(0)
	changed := func(want ...int64) trace.Summary {
		t.Helper()
		var list []trace.Summary
		var ids []int64
		list, state = log.Since(state)
		for _, s := range list {
			ids = append(ids, s.ID)
		}
		if !slices.Equal(ids, want) {
			t.Errorf("requests %v have changed, want %v", ids, want)
		}
		return append(list, trace.Summary{})[0]
	}
	changed()
	serve(log, get("/"), func(w http.ResponseWriter, _ *http.Request, _ *trace.Trace) {
		if s := changed(2); s.Done || s.FirstByteMs > 0 {
			t.Errorf("begin: got %+v", s)
		}
		io.WriteString(w, "x")
		if s := changed(2); s.FirstByteMs == 0 || s.Bytes != 1 {
			t.Errorf("first byte: got %+v", s)
		}
		io.WriteString(w, "another chunk")
		changed()
		http.NewResponseController(w).Flush()
		if s := changed(2); s.Bytes != 14 {
			t.Errorf("chunk: got %+v", s)
		}
		serve(log, get("/"), func(http.ResponseWriter, *http.Request, *trace.Trace) {})
		changed(3)
	})
	if s := changed(2); !s.Done {
		t.Errorf("end: got %+v", s)
	}
	log.Clear()
	changed()
}

func TestLog_sends_a_request_again(t *testing.T) {
	log := trace.NewLog(10)
	var bodies []string
	var again sync.WaitGroup
	handler := recording(log, func(w http.ResponseWriter, r *http.Request, tr *trace.Trace) {
		body, _ := io.ReadAll(r.Body)
		bodies = append(bodies, r.Method+" "+r.URL.String()+" "+r.Header.Get("X-A")+" "+string(body))
		r.Header.Set("X-A", "changed")
		again.Done()
	})
	again.Add(2)
	r := httptest.NewRequest(http.MethodPost, "/a?token=12345678", strings.NewReader("body"))
	r.Header.Set("X-A", "1")
	handler.ServeHTTP(httptest.NewRecorder(), r)
	id, err := log.Replay(1, handler)
	if err != nil || id != 2 {
		t.Fatalf("got %d, %v", id, err)
	}
	again.Wait()
	if len(bodies) != 2 || bodies[0] != bodies[1] || bodies[1] != "POST /a?token=12345678 1 body" {
		t.Errorf("got %q", bodies)
	}
	large := serve(log, httptest.NewRequest(http.MethodPost, "/", strings.NewReader(strings.Repeat("x", 5000))), func(_ http.ResponseWriter, r *http.Request, _ *trace.Trace) { io.Copy(io.Discard, r.Body) })
	if _, err := log.Replay(large, handler); err == nil || !strings.Contains(err.Error(), "wasn't kept whole") {
		t.Errorf("got %v", err)
	}
	if _, err := log.Replay(99, handler); err == nil {
		t.Error("request 99 was sent again")
	}
	if _, err := log.Replay(1, http.NotFoundHandler()); err == nil {
		t.Error("got no error though nothing serves it")
	}
}
