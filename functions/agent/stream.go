package main

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strconv"

	"github.com/cloudfurl/cloudfurl/functions/agent/flow"
	"github.com/cloudfurl/cloudfurl/functions/agent/model"
	"github.com/cloudfurl/cloudfurl/functions/sse"
)

// An event is the data of a server-sent event, whose id and type it repeats for
// readers that only look at the data.
type event struct {
	ID           int       `json:"id"`
	Type         flow.Type `json:"type"`
	Milliseconds int64     `json:"ms"`
	Node         string    `json:"node,omitempty"`
	Attempt      int       `json:"attempt,omitempty"`
	Text         string    `json:"text,omitempty"`
	Output       *output   `json:"output,omitempty"`
	Error        string    `json:"error,omitempty"`
	RetryAfter   int64     `json:"retryAfterMs,omitempty"`
}

// stream runs the workflow and sends its events. Their writes block while the
// viewer doesn't read, and with them the nodes and the model.
func (h *handler) stream(w http.ResponseWriter, r *http.Request, question string) {
	events := sse.NewWriter(w, r, nil)
	defer events.Close()
	var used model.Usage
	// The context ends before the function's time is up, so that the last event
	// can still be sent.
	_, err := flow.Run(events.Context(), func(e flow.Event[output]) error {
		if usage := e.Output.Usage; usage != nil {
			used.InputTokens += usage.InputTokens
			used.OutputTokens += usage.OutputTokens
		}
		if e.Type == flow.NodeRetrying {
			slog.WarnContext(r.Context(), "a node is tried again", "node", e.Node, "attempt", e.Attempt, "error", e.Err.Error())
		}
		return events.SendJSON(sse.Event{ID: strconv.Itoa(e.ID), Name: string(e.Type)}, newEvent(e))
	}, func(f *flow.Flow[output]) (output, error) {
		return h.agent.answer(f, question)
	})
	logRun(r.Context(), used, err)
}

func newEvent(e flow.Event[output]) event {
	sent := event{
		ID:           e.ID,
		Type:         e.Type,
		Milliseconds: e.At.Milliseconds(),
		Node:         e.Node,
		Attempt:      e.Attempt,
		Text:         e.Text,
		RetryAfter:   e.RetryAfter.Milliseconds(),
	}
	if e.Type == flow.NodeFinished || e.Type == flow.RunFinished {
		sent.Output = &e.Output
	}
	if e.Err != nil {
		sent.Error = public(e.Err)
	}
	return sent
}

// public returns what a viewer may know about an error. The log has the rest,
// which may name accounts, roles and addresses.
func public(err error) string {
	var failure *model.Error
	var timeout *flow.TimeoutError
	switch {
	case errors.As(err, &failure):
		return failure.Public()
	case errors.As(err, &timeout):
		return "the node " + timeout.Node + " took longer than " + timeout.Timeout.String()
	case errors.Is(err, context.DeadlineExceeded):
		return "the function's time is up: ask something shorter"
	}
	return "the agent failed: its log says why"
}

// logRun logs the end of a run. The question and the answer stay out of the log,
// unless the error of a model quotes them.
func logRun(ctx context.Context, used model.Usage, err error) {
	attributes := []any{"inputTokens", used.InputTokens, "outputTokens", used.OutputTokens}
	var node *flow.NodeError
	var panicked *flow.PanicError
	switch {
	case err == nil:
		slog.InfoContext(ctx, "the run finished", attributes...)
		return
	case errors.As(err, &panicked):
		attributes = append(attributes, "stack", string(panicked.Stack))
		fallthrough
	case errors.As(err, &node):
		slog.ErrorContext(ctx, "the run failed", append(attributes, "error", err.Error())...)
	default:
		slog.WarnContext(ctx, "the run was canceled", append(attributes, "error", err.Error())...)
	}
}
