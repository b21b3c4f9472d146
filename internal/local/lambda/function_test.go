package lambda

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/cloudfurl/cloudfurl/internal/local/trace"
)

func TestFunction_responds_and_reuses_its_environment(t *testing.T) {
	f, _ := newFunction(t, custom(nil))
	first, body := invoke(t, f, `{"do":"echo","text":"hello"}`)
	if body != "hello" || !first.Cold || first.Environment != "Greeter#1" {
		t.Errorf("first response %q from %+v", body, first)
	}
	for range 20 {
		next, _ := invoke(t, f, `{"do":"echo","text":"again"}`)
		if next.Cold || next.Environment != "Greeter#1" {
			t.Fatalf("a later request met %+v, want the first environment, warm", next)
		}
	}
}

func TestFunction_gives_first_chunk_before_the_last_is_written(t *testing.T) {
	f, _ := newFunction(t, custom(func(c *Config) { c.Timeout = time.Minute }))
	gate, open := newGate(t)
	response, err := f.Invoke(context.Background(), JSON(fmt.Appendf(nil, `{"do":"gate","text":%q}`, gate)), InvokeOptions{})
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	buffer := make([]byte, 100)
	n, err := response.Body.Read(buffer)
	if err != nil || string(buffer[:n]) != "before\n" {
		t.Fatalf("first read %q, %v", buffer[:n], err)
	}
	open()
	rest, err := io.ReadAll(response.Body)
	if err != nil || string(rest) != "after\n" {
		t.Errorf("rest %q, %v", rest, err)
	}
	if response.ContentType != "application/vnd.awslambda.http-integration-response" {
		t.Errorf("content type %q", response.ContentType)
	}
}

func TestFunction_slows_the_handler_down_with_a_slow_viewer(t *testing.T) {
	f, _ := newFunction(t, custom(nil))
	const size = 64 << 20
	response, err := f.Invoke(context.Background(), JSON(fmt.Appendf(nil, `{"do":"big","size":%d}`, size)), InvokeOptions{})
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	time.Sleep(100 * time.Millisecond)
	f.mu.Lock()
	returning := f.count(returning)
	f.mu.Unlock()
	if returning != 0 {
		t.Error("64 MB were sent before they were read")
	}
	n, err := io.Copy(io.Discard, response.Body)
	if n != size || err != nil {
		t.Errorf("read %d bytes, %v", n, err)
	}
}

func TestFunction_lets_the_handler_finish_when_the_viewer_leaves(t *testing.T) {
	f, _ := newFunction(t, custom(func(c *Config) { c.MaxEnvironments, c.Timeout = 1, time.Minute }))
	gate, goOn := newGate(t)
	response, err := f.Invoke(context.Background(), JSON(fmt.Appendf(nil, `{"do":"mark-after","text":%q}`, gate)), InvokeOptions{})
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	if _, err := f.Invoke(context.Background(), JSON(`{"do":"echo"}`), InvokeOptions{}); !isThrottled(err) {
		t.Errorf("while the handler runs on: %v, want a ThrottledError", err)
	}
	goOn()
	eventually(t, "the handler reaches its end", func() bool { _, err := os.Stat(gate + ".mark"); return err == nil })
	eventually(t, "its environment is free", func() bool {
		response, err := f.Invoke(context.Background(), JSON(`{"do":"echo"}`), InvokeOptions{})
		if err != nil {
			return false
		}
		response.Body.Close()
		return !response.Cold
	})
}

func TestFunction_lets_the_handler_finish_when_the_viewer_leaves_before_the_first_byte(t *testing.T) {
	f, _ := newFunction(t, custom(func(c *Config) { c.Timeout = time.Minute }))
	invoke(t, f, `{"do":"echo"}`)
	eventuallyIdle(t, f, 1)
	gate, goOn := newGate(t)
	ctx, leave := context.WithCancel(context.Background())
	ended := make(chan error)
	go func() {
		_, err := f.Invoke(ctx, JSON(fmt.Appendf(nil, `{"do":"wait","text":%q}`, gate)), InvokeOptions{})
		ended <- err
	}()
	eventuallyTaken(t, f, 1, 0)
	leave()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Fatalf("%v, want the context's error", err)
	}
	goOn()
	eventuallyIdle(t, f, 1)
	if response, _ := invoke(t, f, `{"do":"echo"}`); response.Cold {
		t.Error("the handler didn't finish: the next request met another environment")
	}
}

func TestFunction_passes_request_id_and_trace_id(t *testing.T) {
	f, _ := newFunction(t, custom(nil))
	before := time.Now()
	response, err := f.Invoke(context.Background(), JSON(`{"do":"inspect"}`), InvokeOptions{RequestID: "my-id", TraceID: "Root=1-2-3"})
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	var got struct {
		RequestID, ARN, Trace string
		Deadline              int64
	}
	if err := json.NewDecoder(response.Body).Decode(&got); err != nil {
		t.Fatal(err)
	}
	if got.RequestID != "my-id" || got.Trace != "Root=1-2-3" || got.ARN != "arn:aws:lambda:us-east-1:111122223333:function:Greeter" {
		t.Errorf("the handler saw %+v", got)
	}
	begun := time.UnixMilli(got.Deadline).Add(-f.config.Timeout)
	if begun.Before(before.Truncate(time.Millisecond)) || begun.After(time.Now()) {
		t.Errorf("the deadline less the timeout is %v, want a time from %v on", begun, before)
	}
}

func TestFunction_Start_makes_the_first_request_warm(t *testing.T) {
	f, _ := newFunction(t, custom(nil))
	for range 2 {
		if err := f.Start(context.Background()); err != nil {
			t.Fatal(err)
		}
	}
	if response, _ := invoke(t, f, `{"do":"echo"}`); response.Cold || response.Environment != "Greeter#1" {
		t.Errorf("after Start: %+v, want the first environment, warm", response)
	}
}

func TestFunction_Close_ends_busy_environments_and_their_children(t *testing.T) {
	f, _ := newFunction(t, custom(nil))
	_, child := invoke(t, f, `{"do":"orphan"}`)
	var pid int
	fmt.Sscan(child, &pid)
	response, err := f.Invoke(context.Background(), JSON(`{"do":"stream-hang"}`), InvokeOptions{})
	if err != nil {
		t.Fatal(err)
	}
	start := time.Now()
	f.Close()
	if took := time.Since(start); took > 10*time.Second {
		t.Errorf("Close took %v", took)
	}
	if body, err := io.ReadAll(response.Body); !errors.Is(err, ErrClosed) {
		t.Errorf("the open stream gave %q, %v; want ErrClosed", body, err)
	}
	eventually(t, "the handler's child is gone", func() bool { return gone(pid) })
	if _, err := f.Invoke(context.Background(), JSON(nil), InvokeOptions{}); !errors.Is(err, ErrClosed) {
		t.Errorf("Invoke after Close: %v", err)
	}
	if err := f.Start(context.Background()); !errors.Is(err, ErrClosed) {
		t.Errorf("Start after Close: %v", err)
	}
	if err := f.Close(); err != nil {
		t.Errorf("second Close: %v", err)
	}
}

func TestFunction_Close_gives_an_internal_extension_time_to_end(t *testing.T) {
	for mode, wantOutput := range map[string]bool{"sigterm": true, "ignore-sigterm": false} {
		f, log := newFunction(t, custom(func(c *Config) { c.Environment = map[string]string{"INIT": mode} }))
		invoke(t, f, `{"do":"echo"}`)
		eventuallyIdle(t, f, 1)
		start := time.Now()
		f.Close()
		if took := time.Since(start); took > 10*time.Second {
			t.Errorf("%s: Close took %v", mode, took)
		}
		if got := log.find("cleaned up") != nil; got != wantOutput {
			t.Errorf("%s: cleaned up: %v, want %v", mode, got, wantOutput)
		}
	}
}

func TestFunction_logs_every_line(t *testing.T) {
	f, log := newFunction(t, custom(nil))
	long := strings.Repeat("x", 200_000)
	event, _ := json.Marshal(map[string]string{"do": "print", "text": "one\n\ntwo\r\n" + long + "\nthe end has no end"})
	invoke(t, f, string(event))
	eventually(t, "the complete lines", func() bool { return log.find(long) != nil })
	f.Close()
	for _, want := range []string{"one", "two", "the end has no end"} {
		line := log.find(want)
		if line == nil || line["source"] != "Greeter" || line["environment"] != "Greeter#1" || line["level"] != "INFO" {
			t.Errorf("line %q is logged as %v", want, line)
		}
	}
	if n := strings.Count(log.find(long)["msg"].(string), "x"); n != len(long) {
		t.Errorf("the long line has %d characters left", n)
	}
}

func TestFunction_memory_does_not_grow_with_the_stream(t *testing.T) {
	f, _ := newFunction(t, custom(nil))
	const size = 100 << 20
	invoke(t, f, `{"do":"echo"}`)
	response, err := f.Invoke(context.Background(), JSON(fmt.Appendf(nil, `{"do":"big","size":%d}`, size)), InvokeOptions{})
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	n, err := io.CopyBuffer(struct{ io.Writer }{io.Discard}, response.Body, make([]byte, 32<<10))
	runtime.ReadMemStats(&after)
	if n != size || err != nil {
		t.Fatalf("read %d bytes, %v", n, err)
	}
	if allocated := after.TotalAlloc - before.TotalAlloc; allocated > 2<<20 {
		t.Errorf("%d bytes were allocated on the way of %d", allocated, size)
	}
}

func TestFunction_records_how_a_request_came_to_its_handler(t *testing.T) {
	f, _ := newFunction(t, custom(func(c *Config) { c.Path = "App/Greeter" }))
	for _, start := range []string{"cold", "warm"} {
		tr := trace.NewLog(1).Begin(httptest.NewRequest(http.MethodGet, "/", nil))
		tr.ServedBy("App/Url")
		response, err := f.Invoke(trace.NewContext(context.Background(), tr), JSON(`{"do":"print","text":"a line\n"}`), InvokeOptions{Trace: tr})
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		eventually(t, "the line is in the trace", func() bool { return len(tr.View().Logs) == 1 })
		v := tr.View()
		var stages []string
		for _, s := range v.Stages[1:] {
			stages = append(stages, fmt.Sprint(s.Name, " ", s.Part, " ", s.Outcome, " ", s.Facts))
		}
		want := []string{"environment App/Greeter passed [[environment Greeter#1] [start " + start + "]]", "handler App/Greeter passed []"}
		if !slices.Equal(stages, want) || v.Environment != "Greeter#1" || v.Start != start || v.Logs[0].Text != "a line" || v.Logs[0].Level != "info" {
			t.Errorf("got %q, %+v, want %q", stages, v.Summary, want)
		}
		eventuallyIdle(t, f, 1)
	}
}

func TestFunction_records_that_a_handler_failed(t *testing.T) {
	f, _ := newFunction(t, custom(nil))
	tr := trace.NewLog(1).Begin(httptest.NewRequest(http.MethodGet, "/", nil))
	tr.ServedBy("App/Url")
	if _, err := f.Invoke(context.Background(), JSON(`{"do":"exit"}`), InvokeOptions{Trace: tr}); err == nil {
		t.Fatal("no error")
	}
	tr.Reject(nil, http.StatusBadGateway, "it exited", "")
	if v := tr.View(); v.Failed != "handler" || v.Stages[v.Failure.Stage].Outcome != trace.Failed {
		t.Errorf("got %s, %+v", v.Failed, v.Stages)
	}
}
