package local

import (
	"log/slog"
	"net/http"
	"strings"
	"sync"

	"github.com/cloudfurl/cloudfurl/internal/fault"
)

// explainWebSockets logs that WebSockets aren't opened, once for each path: browsers try
// again and again.
//
// See: https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html
func explainWebSockets(next http.Handler, log *slog.Logger) http.Handler {
	var said sync.Map
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.EqualFold(r.Header.Get("Upgrade"), "websocket") {
			if _, again := said.LoadOrStore(r.URL.Path, true); !again {
				fault.Log(log, slog.LevelWarn, "no WebSocket is opened at "+fault.Shorten(r.URL.Path),
					"function URLs and REST APIs have no WebSockets, so the handler gets a plain request", "stream server-sent events, or use a WebSocket API of API Gateway")
			}
		}
		next.ServeHTTP(w, r)
	})
}
