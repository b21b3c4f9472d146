package runs_test

import (
	"context"
	"encoding/json"
	"log"
	"net/http"

	"github.com/cloudfurl/cloudfurl/functions/runs"
	"github.com/cloudfurl/cloudfurl/functions/sse"
	"github.com/cloudfurl/cloudfurl/functions/streamhttp"
)

// user returns whom your authentication has proved to have sent the request.
func user(r *http.Request) string { return "Ada" }

func question(r *http.Request) string { return r.FormValue("question") }

func chatOf(r *http.Request) string {
	var body struct{ ID string }
	json.NewDecoder(r.Body).Decode(&body)
	return body.ID
}

func answer(ctx context.Context, question string, emit func(sse.Event) error) error {
	return emit(sse.Event{Data: "42"})
}

// A handler whose answers a reload and a second tab continue.
func Example() {
	mux := http.NewServeMux()

	table, err := runs.NewTable() // the table of RUNS_TABLE
	if err != nil {
		log.Fatal(err)
	}
	recorded := runs.New(table, nil)
	mux.HandleFunc("POST /ask", func(w http.ResponseWriter, r *http.Request) {
		if sse.LastEventID(r) != "" { // a client that connects again
			recorded.Resume(w, r, runs.Key{Owner: user(r)})
			return
		}
		asked := question(r)
		recorded.Start(w, r, runs.Key{Owner: user(r)}, func(ctx context.Context, emit func(sse.Event) error) error {
			return answer(ctx, asked, emit)
		})
	})
	mux.HandleFunc("GET /ask/{run}", func(w http.ResponseWriter, r *http.Request) { // a reload, a second tab
		recorded.Resume(w, r, runs.Key{Owner: user(r), ID: r.PathValue("run")})
	})
	mux.HandleFunc("DELETE /ask/{run}", func(w http.ResponseWriter, r *http.Request) {
		recorded.Stop(w, r, runs.Key{Owner: user(r), ID: r.PathValue("run")})
	})

	streamhttp.Start(mux)
}

// A server for useChat of the AI SDK.
func ExampleOptions() {
	mux, table := http.NewServeMux(), new(runs.Memory)
	answer := func(ctx context.Context, emit func(sse.Event) error) error {
		return emit(sse.Event{Data: `{"type":"start"}`})
	}

	recorded := runs.New(table, &runs.Options{UIMessages: true})
	mux.HandleFunc("POST /api/chat", func(w http.ResponseWriter, r *http.Request) {
		recorded.Start(w, r, runs.Key{Owner: user(r), Chat: chatOf(r)}, answer)
	})
	mux.HandleFunc("GET /api/chat/{chat}/stream", func(w http.ResponseWriter, r *http.Request) {
		recorded.Resume(w, r, runs.Key{Owner: user(r), Chat: r.PathValue("chat")})
	})

	streamhttp.Start(mux)
}
