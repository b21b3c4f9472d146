package main

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"math/rand/v2"
	"strconv"
	"time"

	"github.com/cloudfurl/cloudfurl/functions/agent/model"
	"github.com/cloudfurl/cloudfurl/functions/runs"
	"github.com/cloudfurl/cloudfurl/functions/sse"
)

// The types of events. The first of a run is run_started, and the last is run_finished,
// run_failed or run_canceled. Each attempt of a node is node_started, its tokens, and
// then node_finished, node_retrying, node_failed or node_canceled. After node_retrying
// its tokens are void. The first node that fails ends the run.
const (
	runStarted   = "run_started"
	runFinished  = "run_finished"
	nodeStarted  = "node_started"
	nodeSkipped  = "node_skipped"
	nodeFinished = "node_finished"
	nodeRetrying = "node_retrying"
	token        = "token"
)

// An event is the data of a server-sent event, whose id and type it repeats for
// readers that only look at the data.
type event struct {
	ID           int     `json:"id"` // 1 for the first event of a run, and one more for each that follows
	Type         string  `json:"type"`
	Milliseconds int64   `json:"ms"` // since the run started
	Node         string  `json:"node,omitempty"`
	Attempt      int     `json:"attempt,omitempty"` // 1 for a node's first
	Text         string  `json:"text,omitempty"`
	Output       *output `json:"output,omitempty"`
	Error        string  `json:"error,omitempty"`
	RetryAfter   int64   `json:"retryAfterMs,omitempty"`
}

// A run is one run of the workflow. Unless it is recorded, a node that sends a token waits
// until the viewer has taken it: a viewer who reads slowly slows the model down, and
// nothing is buffered.
type run struct {
	emit  func(sse.Event) error
	ctx   context.Context
	began time.Time
	sent  int
	used  model.Usage
}

func newRun(ctx context.Context, emit func(sse.Event) error) *run {
	return &run{emit: emit, ctx: ctx, began: time.Now()}
}

func (r *run) send(e event) error {
	r.sent++
	e.ID, e.Milliseconds = r.sent, time.Since(r.began).Milliseconds()
	data, err := json.Marshal(e)
	if err != nil {
		return err
	}
	return r.emit(sse.Event{ID: strconv.Itoa(e.ID), Name: e.Type, Data: string(data)})
}

// end sends that a run or a node is over with an error.
func (r *run) end(kind string, e event, err error) {
	e.Type, e.Error = kind+"_failed", public(err)
	if r.ctx.Err() != nil {
		e.Type, e.Error = kind+"_canceled", public(context.Cause(r.ctx))
	}
	r.send(e)
}

const (
	// maxAttempts is how often a node is tried if the model fails for a moment.
	maxAttempts = 3

	// backoff is the longest wait before the second attempt. It doubles.
	backoff = 500 * time.Millisecond
)

// do runs a node and returns its output. An error ends the run.
func (r *run) do(name string, work func(ctx context.Context, token func(string) error) (output, error)) (output, error) {
	for attempt := 1; ; attempt++ {
		r.send(event{Type: nodeStarted, Node: name, Attempt: attempt})
		result, err := work(r.ctx, func(text string) error {
			return r.send(event{Type: token, Node: name, Attempt: attempt, Text: text})
		})
		if err == nil {
			if used := result.Usage; used != nil {
				r.used.InputTokens += used.InputTokens
				r.used.OutputTokens += used.OutputTokens
			}
			return result, r.send(event{Type: nodeFinished, Node: name, Attempt: attempt, Output: &result})
		}
		if r.ctx.Err() != nil || attempt == maxAttempts || !model.IsTemporary(err) {
			r.end("node", event{Node: name, Attempt: attempt}, err)
			return output{}, err
		}
		// Up to half is left out by chance, so that runs that failed together don't come back
		// together.
		wait := backoff << (attempt - 1)
		wait -= rand.N(wait / 2)
		slog.WarnContext(r.ctx, "a node is tried again", "node", name, "attempt", attempt, "error", err.Error())
		r.send(event{Type: nodeRetrying, Node: name, Attempt: attempt, Error: public(err), RetryAfter: wait.Milliseconds()})
		select {
		case <-time.After(wait):
		case <-r.ctx.Done():
		}
	}
}

// public returns what a viewer may know about an error. The log has the rest,
// which may name accounts, roles and addresses.
func public(err error) string {
	var failure *model.Error
	switch {
	case errors.As(err, &failure):
		return failure.Public()
	case errors.Is(err, runs.ErrStopped):
		return err.Error()
	case errors.Is(err, context.DeadlineExceeded):
		return "the function's time is up: ask something shorter"
	}
	return "the agent failed: its log says why"
}

// log logs the end of the run. The question and the answer stay out of the log,
// unless the error of a model quotes them.
func (r *run) log(err error) {
	log := slog.With("inputTokens", r.used.InputTokens, "outputTokens", r.used.OutputTokens)
	switch {
	case err == nil:
		log.InfoContext(r.ctx, "the run finished")
	case r.ctx.Err() != nil:
		log.WarnContext(r.ctx, "the run was canceled", "error", err.Error())
	default:
		log.ErrorContext(r.ctx, "the run failed", "error", err.Error())
	}
}
