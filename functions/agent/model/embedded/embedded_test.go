package embedded

import (
	"context"
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"github.com/cloudfurl/cloudfurl/functions/agent/model"
	"github.com/cloudfurl/cloudfurl/functions/agent/model/modeltest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func echo(r model.Request) string { return "You said:\n" + r.Prompt }

func TestStream_sends_words_at_its_pace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		answer, tokens, err := modeltest.Collect(t, New(echo, time.Second), model.Request{System: "Be brief.", Prompt: "hi  there"})
		if err != nil {
			t.Fatal(err)
		}
		if want := (model.Answer{Text: "You said:\nhi  there", StopReason: model.EndTurn, Usage: model.Usage{InputTokens: 4, OutputTokens: 4}}); answer != want {
			t.Errorf("got %+v, want %+v", answer, want)
		}
		if !slices.Equal(tokens, []string{"You ", "said:\n", "hi  ", "there"}) {
			t.Errorf("got the tokens %q", tokens)
		}
		if took := time.Since(began); took != 4*time.Second {
			t.Errorf("it took %v, want a second for each token", took)
		}
	})
}

func TestStream_keeps_to_the_limit(t *testing.T) {
	answer, _, err := modeltest.Collect(t, New(echo, 0), model.Request{Prompt: "hi", MaxTokens: 2})
	if answer.Text != "You said:\n" || answer.StopReason != model.MaxTokens || err != nil {
		t.Errorf("got %+v and %v", answer, err)
	}
	answer, _, err = modeltest.Collect(t, New(echo, 0), model.Request{Prompt: "hi", MaxTokens: 3})
	if answer.Text != "You said:\nhi" || answer.StopReason != model.EndTurn || err != nil {
		t.Errorf("got %+v and %v", answer, err)
	}
}

func TestStream_ends_with_its_context_and_with_its_reader(t *testing.T) {
	left := errors.New("the viewer left")
	ctx, cancel := context.WithCancelCause(t.Context())
	m := New(echo, time.Millisecond)
	_, err := m.Stream(ctx, model.Request{Prompt: "hi"}, func(string) error {
		cancel(left)
		return nil
	})
	if err != left {
		t.Errorf("got %v, want the context's cause", err)
	}
	if _, err = m.Stream(t.Context(), model.Request{Prompt: "hi"}, func(string) error { return left }); err != left {
		t.Errorf("got %v, want the error of token", err)
	}
}
