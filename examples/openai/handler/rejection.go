package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"

	"github.com/cloudfurl/cloudfurl/functions/agent/model"
)

// A rejection is an error in the shape of OpenAI's API, which its clients read.
//
// See: https://platform.openai.com/docs/guides/error-codes
type rejection struct {
	status int

	Message string  `json:"message"`
	Type    string  `json:"type"`
	Param   *string `json:"param"`
	Code    *string `json:"code"`
}

// Error returns the message.
func (r *rejection) Error() string { return r.Message }

// invalid returns the rejection of a request. An empty param says that no parameter is to blame.
func invalid(status int, code, param, format string, args ...any) *rejection {
	r := &rejection{status: status, Message: fmt.Sprintf(format, args...), Type: "invalid_request_error", Code: &code}
	if param != "" {
		r.Param = &param
	}
	return r
}

// failed returns the rejection of a request that the model didn't answer, and logs the
// whole story, which may name accounts and addresses. A client that gets 503 tries again.
func failed(ctx context.Context, err error) *rejection {
	slog.ErrorContext(ctx, "the model failed", "error", err)
	r := &rejection{status: http.StatusInternalServerError, Message: "the server failed", Type: "server_error"}
	failure := new(model.Error)
	switch {
	case errors.As(err, &failure):
		r.Message = failure.Public()
		if failure.Temporary {
			r.status = http.StatusServiceUnavailable
		}
	case errors.Is(err, context.DeadlineExceeded):
		r.status, r.Message = http.StatusGatewayTimeout, "the answer took too long: stream it, or ask for less"
	}
	return r
}

// reject sends an error.
func reject(w http.ResponseWriter, why *rejection) {
	if why.status == http.StatusGatewayTimeout {
		// Another attempt would take, and cost, as much. OpenAI's clients heed this.
		w.Header().Set("X-Should-Retry", "false")
	}
	sendJSON(w, why.status, map[string]*rejection{"error": why})
}

// sendJSON sends a value as JSON.
func sendJSON(w http.ResponseWriter, status int, value any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(value)
}
