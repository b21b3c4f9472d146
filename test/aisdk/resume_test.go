// Package aisdk tests functions/runs with the client of the AI SDK, and with eventSource.
package aisdk

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"testing"
	"time"

	"github.com/cloudfurl/cloudfurl/functions/runs"
	"github.com/cloudfurl/cloudfurl/functions/sse"
	"github.com/cloudfurl/cloudfurl/internal/localtest"
)

// count answers a chat with the numbers to 50, as a UI message stream.
func count(ctx context.Context, emit func(sse.Event) error) error {
	chunks := []map[string]string{{"type": "start", "messageId": "answer"}, {"type": "text-start", "id": "t"}}
	for i := range 50 {
		chunks = append(chunks, map[string]string{"type": "text-delta", "id": "t", "delta": fmt.Sprintf("%d ", i+1)})
	}
	for _, chunk := range append(chunks, map[string]string{"type": "text-end", "id": "t"}, map[string]string{"type": "finish"}) {
		data, err := json.Marshal(chunk)
		if err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-time.After(40 * time.Millisecond):
		}
		if err := emit(sse.Event{Data: string(data)}); err != nil {
			return err
		}
	}
	return emit(sse.Event{Data: "[DONE]"})
}

func TestJavaScript_resumes_and_stops_runs(t *testing.T) {
	if _, err := os.Stat("node_modules/ai"); err != nil {
		t.Skip("SKIPPED: there is no AI SDK; make test installs it")
	}
	recorded := runs.New(new(runs.Memory), &runs.Options{UIMessages: true})
	mux := http.NewServeMux()
	mux.HandleFunc("POST /api/chat", func(w http.ResponseWriter, r *http.Request) {
		if sse.LastEventID(r) != "" {
			recorded.Resume(w, r, runs.Key{Owner: "Ada"})
			return
		}
		var body struct{ ID string }
		if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
			t.Error(err)
		}
		recorded.Start(w, r, runs.Key{Owner: "Ada", Chat: body.ID}, count)
	})
	mux.HandleFunc("GET /api/chat/{chat}/stream", func(w http.ResponseWriter, r *http.Request) {
		recorded.Resume(w, r, runs.Key{Owner: "Ada", Chat: r.PathValue("chat")})
	})
	mux.HandleFunc("DELETE /api/chat/{chat}", func(w http.ResponseWriter, r *http.Request) {
		recorded.Stop(w, r, runs.Key{Owner: "Ada", Chat: r.PathValue("chat")})
	})
	server := httptest.NewServer(mux)
	defer server.Close()
	if err := localtest.Run("", nil, "node", "resume.mjs", server.URL+"/api/chat"); err != nil {
		t.Error(err)
	}
}
