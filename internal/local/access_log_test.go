package local

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/cloudfurl/cloudfurl/internal/local/logtest"
	"github.com/cloudfurl/cloudfurl/internal/local/trace"
)

func TestLogRequests_writes_one_line_for_each_request(t *testing.T) {
	tests := []struct {
		name    string
		handler http.HandlerFunc
		want    []string
		without []string
	}{
		{"a response", func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusCreated)
			io.WriteString(w, "four")
			io.WriteString(w, "five5")
		}, []string{"level=INFO", "status=201", "bytes=9", "first_byte=", "total="}, []string{"environment=", "end=", "cause="}},
		{"a response without a status", func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "x") }, []string{"status=200", "bytes=1"}, nil},
		{"no response at all", func(http.ResponseWriter, *http.Request) {}, []string{"status=200", "bytes=0"}, nil},
		{"an informational response first", func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusEarlyHints)
			w.WriteHeader(http.StatusNotFound)
		}, []string{"level=INFO", "status=404"}, nil},
		{"a cold environment", func(_ http.ResponseWriter, r *http.Request) {
			trace.FromContext(r.Context()).Handled("env-1", true)
		}, []string{"environment=env-1", "start=cold"}, nil},
		{"a warm environment", func(_ http.ResponseWriter, r *http.Request) {
			trace.FromContext(r.Context()).Handled("env-1", false)
		}, []string{"start=warm"}, nil},
		{"a rejection", func(w http.ResponseWriter, r *http.Request) {
			trace.FromContext(r.Context()).Reject(nil, http.StatusForbidden, "no permission", "add one")
			w.WriteHeader(http.StatusForbidden)
		}, []string{"level=WARN", "status=403", `cause="no permission"`, `hint="add one"`}, nil},
		{"a stream that broke", func(w http.ResponseWriter, r *http.Request) {
			io.WriteString(w, "half")
			trace.FromContext(r.Context()).Reject(nil, 0, "it broke", "")
		}, []string{"level=ERROR", "status=200", `cause="it broke"`}, nil},
		{"a response that says what is wrong", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusInternalServerError) }, []string{"level=ERROR", "status=500"}, []string{"cause="}},
		{"a response that AWS caches", func(_ http.ResponseWriter, r *http.Request) {
			trace.FromContext(r.Context()).Keyed("/a?b=c x-original-host=www.example.com")
		}, []string{`cache_key="/a?b=c x-original-host=www.example.com"`}, nil},
		{"a changed request", func(_ http.ResponseWriter, r *http.Request) { r.Method, r.URL.Path = "PUT", "/other" }, []string{`msg="GET /a?b=c"`}, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			log, written := logtest.New()
			do(t, logRequests(test.handler, nil, false, log), httptest.NewRequest(http.MethodGet, "/a?b=c", nil))
			written.Want(t, append(test.want, "level=", `msg="GET /a?b=c"`)...)
			if strings.Count(written.String(), "\n") != 1 {
				t.Errorf("not one line: %s", written)
			}
			for _, word := range test.without {
				if strings.Contains(written.String(), word) {
					t.Errorf("%s is in %s", word, written)
				}
			}
		})
	}
}

func TestLogRequests_tells_how_a_request_ended_early(t *testing.T) {
	log, written := logtest.New()
	broken := logRequests(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		io.WriteString(w, "half")
		panic(http.ErrAbortHandler)
	}), nil, false, log)
	func() {
		defer func() {
			if recover() != http.ErrAbortHandler {
				t.Error("the panic that ends the connection was swallowed")
			}
		}()
		broken.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/", nil))
	}()
	written.Want(t, "status=200", "bytes=4", `end="cut off"`)

	log, written = logtest.New()
	ctx, leave := context.WithCancel(t.Context())
	left := logRequests(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		leave()
		panic(http.ErrAbortHandler)
	}), nil, false, log)
	func() {
		defer func() { recover() }()
		left.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/", nil).WithContext(ctx))
	}()
	written.Want(t, `end="the viewer left"`)

	log, written = logtest.New()
	unread := logRequests(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "late") }), nil, false, log)
	unread.ServeHTTP(deaf{httptest.NewRecorder()}, httptest.NewRequest(http.MethodGet, "/", nil))
	written.Want(t, `end="the viewer left"`)
}

// A viewer may close the connection as soon as it has the whole answer.
func TestLogRequests_ignores_that_a_viewer_left_with_the_whole_response(t *testing.T) {
	log, written := logtest.New()
	ctx, leave := context.WithCancel(t.Context())
	whole := logRequests(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		io.WriteString(w, "whole")
		leave()
	}), nil, false, log)
	do(t, whole, httptest.NewRequest(http.MethodGet, "/", nil).WithContext(ctx))
	if strings.Contains(written.String(), "end=") {
		t.Errorf("got %s, want no word of the end", written)
	}
}

func TestLogRequests_shows_no_status_of_a_response_that_never_began(t *testing.T) {
	log, written := logtest.New()
	func() {
		defer func() { recover() }()
		logRequests(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }), nil, false, log).
			ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/"+strings.Repeat("x", 5000), nil))
	}()
	written.Want(t, `end="cut off"`, "(5001 bytes)")
	if strings.Contains(written.String(), "status=") || strings.Contains(written.String(), "first_byte=") || len(written.String()) > 500 {
		t.Errorf("got %s, want neither status nor first byte, and a short target", written)
	}
}

// deaf is a viewer that has left.
type deaf struct {
	http.ResponseWriter
}

func (deaf) Write([]byte) (int, error) {
	return 0, io.ErrClosedPipe
}

func TestLogRequests_lets_handlers_flush(t *testing.T) {
	log, _ := logtest.New()
	recorder := httptest.NewRecorder()
	logRequests(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if err := http.NewResponseController(w).Flush(); err != nil {
			t.Error(err)
		}
	}), nil, false, log).ServeHTTP(recorder, httptest.NewRequest(http.MethodGet, "/", nil))
	if !recorder.Flushed {
		t.Error("a flush did not reach the connection")
	}
}

func TestLogRequests_writes_the_trace_if_asked(t *testing.T) {
	log, written := logtest.New()
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		trace.FromContext(r.Context()).ServedBy("App/Distribution")
		io.WriteString(w, "x")
	})
	traces := trace.NewLog(1)
	do(t, logRequests(handler, traces, true, log), httptest.NewRequest(http.MethodGet, "/a?token=secret", nil))
	written.Want(t, "id=1", "status=200", "trace=", "App/Distribution", "/a?token=…")
	do(t, logRequests(handler, traces, false, log), httptest.NewRequest(http.MethodGet, "/b", nil))
	written.Want(t, "id=2", `msg="GET /b"`)
	if v, ok := traces.Get(2); !ok || v.Part != "App/Distribution" || v.Response.Body != "x" || strings.Count(written.String(), "trace=") != 1 {
		t.Errorf("got %v, %+v", ok, v)
	}
}
