// Faulty is a handler with the failures that the wire tests need.
package main

import (
	"io"
	"log/slog"
	"net/http"

	"github.com/aws/aws-lambda-go/lambdacontext"

	"github.com/cloudfurl/cloudfurl/functions/streamhttp"
)

func main() {
	slog.SetDefault(lambdacontext.NewLogger())
	streamhttp.Start(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/panic-before":
			w.WriteHeader(http.StatusOK)
			panic("boom before")
		case "/panic-after":
			io.WriteString(w, "first")
			panic("boom after")
		case "/abort-before":
			panic(http.ErrAbortHandler)
		case "/short":
			w.Header().Set("Content-Length", "9")
			io.WriteString(w, "short")
		case "/no-content":
			w.WriteHeader(http.StatusNoContent)
		case "/not-modified":
			w.Header().Set("Etag", `"1"`)
			w.WriteHeader(http.StatusNotModified)
		case "/empty":
		case "/gate":
			// The test has read the first line when this URL responds.
			io.WriteString(w, "first\n")
			response, err := http.Get(r.URL.Query().Get("url"))
			if err != nil {
				panic(err)
			}
			response.Body.Close()
			io.WriteString(w, "second\n")
		case "/flood":
			// A write fails when the response is closed.
			chunk := make([]byte, 64<<10)
			for {
				if _, err := w.Write(chunk); err != nil {
					slog.Info("flood ended", "error", err)
					return
				}
			}
		default:
			http.NotFound(w, r)
		}
	}))
}
