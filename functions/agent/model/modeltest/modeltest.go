// Package modeltest tests what all models promise.
package modeltest

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/cloudfurl/cloudfurl/functions/agent/model"
)

// patience is how long something may take that should happen at once.
const patience = 10 * time.Second

// Collect streams an answer and returns it with its tokens.
func Collect(t *testing.T, m model.Model, request model.Request) (answer model.Answer, tokens []string, err error) {
	t.Helper()
	answer, err = m.Stream(t.Context(), request, func(token string) error {
		tokens = append(tokens, token)
		return nil
	})
	return answer, tokens, err
}

// Failure returns the *model.Error that a request ends with.
func Failure(t *testing.T, m model.Model) *model.Error {
	t.Helper()
	_, _, err := Collect(t, m, model.Request{Prompt: "hello"})
	var failure *model.Error
	if !errors.As(err, &failure) {
		t.Fatalf("got %v, want a *model.Error", err)
	}
	return failure
}

// An Endless is a server that sends the beginning of a stream, with one token, and
// then nothing more until the client leaves.
type Endless struct {
	// Begin writes the header and the first token.
	Begin func(http.ResponseWriter)

	left chan struct{}
}

// NewEndless returns an Endless that begins with begin.
func NewEndless(begin func(http.ResponseWriter)) *Endless {
	return &Endless{begin, make(chan struct{})}
}

// ServeHTTP serves one request.
func (e *Endless) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	e.Begin(w)
	http.NewResponseController(w).Flush()
	<-r.Context().Done()
	close(e.left)
}

// CheckCancel checks that the end of the context ends the stream of a model, and
// the request that the server has.
func (e *Endless) CheckCancel(t *testing.T, m model.Model) {
	t.Helper()
	left := errors.New("the viewer left")
	ctx, cancel := context.WithCancelCause(t.Context())
	_, err := m.Stream(ctx, model.Request{Prompt: "hello"}, func(string) error {
		cancel(left)
		return nil
	})
	if err != left {
		t.Errorf("Stream returns %v, want the context's cause", err)
	}
	e.waitForLeave(t)
}

// CheckStop is CheckCancel with an error of token.
func (e *Endless) CheckStop(t *testing.T, m model.Model) {
	t.Helper()
	left := errors.New("the viewer left")
	_, err := m.Stream(t.Context(), model.Request{Prompt: "hello"}, func(string) error { return left })
	if err != left {
		t.Errorf("Stream returns %v, want the error of token", err)
	}
	e.waitForLeave(t)
}

func (e *Endless) waitForLeave(t *testing.T) {
	t.Helper()
	select {
	case <-e.left:
	case <-time.After(patience):
		t.Error("the request to the model goes on")
	}
}
