package requestlog_test

import (
	"log/slog"
	"net/http"
	"os"

	"github.com/cloudfurl/cloudfurl/functions/requestlog"
	"github.com/cloudfurl/cloudfurl/functions/streamhttp"
)

// The lines of the handler and the line of the request have the same requestId.
func ExampleMiddleware() {
	slog.SetDefault(requestlog.NewLogger())
	streamhttp.Start(requestlog.Middleware(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		slog.InfoContext(r.Context(), "greeting", "host", r.Host)
		w.Write([]byte("hello"))
	})))
}

// Any handler can be the next: here JSON whatever Lambda's configuration says.
func ExampleNewHandler() {
	handler := requestlog.NewHandler(slog.NewJSONHandler(os.Stdout, nil))
	slog.SetDefault(slog.New(handler))
}
