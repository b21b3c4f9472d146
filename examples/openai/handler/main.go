// Handler serves a model by two protocols: OpenAI's chat completions, for the clients of
// its API, and the UI message stream of the AI SDK, for useChat.
package main

import (
	"context"
	"log/slog"
	"net/http"
	"os"

	"github.com/aws/aws-lambda-go/lambdacontext"

	"github.com/cloudfurl/cloudfurl/functions/agent/model"
	"github.com/cloudfurl/cloudfurl/functions/requestlog"
	"github.com/cloudfurl/cloudfurl/functions/streamhttp"
)

func main() {
	slog.SetDefault(lambdacontext.NewLogger())
	chosen, err := modelFrom(context.Background(), os.Getenv)
	if err != nil {
		slog.Error(err.Error())
		os.Exit(1)
	}
	streamhttp.Start(requestlog.Middleware(newHandler(chosen, os.Getenv("API_KEY_SHA256"))))
}

// newHandler returns the server of a model for callers whose key has the hash.
func newHandler(m model.Model, keyHash string) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("POST /v1/chat/completions", completions{m})
	mux.Handle("GET /v1/models", models{m})
	mux.Handle("POST /api/chat", chat{m})
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		reject(w, invalid(http.StatusNotFound, "unknown_url", "", "nothing is at %s %s: use POST /v1/chat/completions, GET /v1/models or POST /api/chat", r.Method, r.URL.Path))
	})
	return requireKey(keyHash, mux)
}
