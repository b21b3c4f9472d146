package requestlog_test

import (
	"log/slog"
	"net/http"

	"github.com/aws/aws-lambda-go/lambdacontext"

	"github.com/cloudfurl/cloudfurl/functions/requestlog"
	"github.com/cloudfurl/cloudfurl/functions/streamhttp"
)

// The lines of the handler and the line of the request have the same requestId.
func ExampleMiddleware() {
	slog.SetDefault(lambdacontext.NewLogger())
	streamhttp.Start(requestlog.Middleware(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		slog.InfoContext(r.Context(), "greeting", "host", r.Host)
		w.Write([]byte("hello"))
	})))
}
