package streamhttp

import (
	"context"
	"errors"
	"io"
	"net/http"
	"testing"
	"testing/synctest"
	"time"
)

func TestWrap_fails_at_the_deadline_before_the_first_byte(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
		defer cancel()
		seen := make(chan error, 1)
		handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			<-r.Context().Done()
			seen <- r.Context().Err()
		})
		if _, err := Wrap(handler)(ctx, newEvent("GET", "/")); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("error is %v, want the deadline's, not an empty 200", err)
		}
		if err := <-seen; err != context.DeadlineExceeded {
			t.Errorf("the handler's context ended with %v, want the deadline", err)
		}
	})
}

func TestWrap_fails_at_the_deadline_even_if_the_handler_continues(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
		defer cancel()
		release, ended := make(chan struct{}), make(chan error, 1)
		silent := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			<-release
			_, err := io.WriteString(w, "late")
			ended <- err
		})
		if _, err := Wrap(silent)(ctx, newEvent("GET", "/")); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("error is %v, want the deadline's", err)
		}
		close(release)
		if err := <-ended; err == nil {
			t.Error("a write after the deadline succeeded")
		}
	})
}

func TestWrap_ends_the_body_at_the_deadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
		defer cancel()
		release := make(chan struct{})
		defer close(release)
		response, err := Wrap(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			io.WriteString(w, "first")
			<-release
		}))(ctx, newEvent("GET", "/"))
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(response.Body)
		if string(body) != "first" || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("body is %q, ended by %v, want first, ended by the deadline", body, err)
		}
	})
}
