package adapter

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"syscall"

	"github.com/cloudfurl/cloudfurl/internal/fault"
)

func isDial(err error) bool {
	var op *net.OpError
	return errors.As(err, &op) && op.Op == "dial"
}

// logNoResponse says why a request has no response.
func (a *adapter) logNoResponse(ctx context.Context, req *http.Request, err error) {
	if ctx.Err() != nil {
		return
	}
	cause, cure := "the app's response isn't HTTP: "+err.Error(), "let the app respond with HTTP/1.1"
	switch {
	case isDial(err):
		cause, cure = "nothing listens on "+a.address+" any more", lookAbove
	case isClosed(err):
		cause, cure = "the app closed the connection without a response", lookAbove
	}
	fault.Log(a.log, slog.LevelError, "the app didn't respond", cause, cure, "method", req.Method, "path", req.URL.RequestURI())
}

// logBroken says that a response ended too early, and what that means.
func (a *adapter) logBroken(req *http.Request, err error, meaning string) {
	cause := "its body isn't HTTP: " + err.Error()
	if isClosed(err) {
		cause = "it closed the connection"
	}
	fault.Log(a.log, slog.LevelError, "the app broke off its response", cause+"; "+meaning, lookAbove,
		"method", req.Method, "path", req.URL.RequestURI())
}

const lookAbove = "look for the app's own error above"

func isClosed(err error) bool {
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, syscall.ECONNRESET)
}
