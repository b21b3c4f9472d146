package main

import (
	"cmp"
	"context"
	"net/http"
	"time"

	"github.com/cloudfurl/cloudfurl/functions/agent/model"
	"github.com/cloudfurl/cloudfurl/functions/sse"
)

// maxSilence is how long an answer may take that isn't streamed. CloudFront waits 60 s
// for it, the Endpoint's ReadTimeout.
const maxSilence = 55 * time.Second

// completions serves POST /v1/chat/completions.
type completions struct{ model model.Model }

func (c completions) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p, rejected := parametersOf(w, r)
	var turns []turn
	if rejected == nil && p.Model != c.model.Name() {
		rejected = invalid(http.StatusNotFound, "model_not_found", "model", "this server has no model %q: use %q", p.Model, c.model.Name())
	}
	if rejected == nil {
		turns, rejected = turnsOf(p.Messages)
	}
	if rejected != nil {
		reject(w, rejected)
		return
	}
	request, err := requestOf(turns, cmp.Or(p.MaxCompletionTokens, p.MaxTokens))
	switch {
	case err != nil:
		reject(w, invalid(http.StatusBadRequest, "invalid_value", "messages", "%v", err))
	case p.Stream:
		c.stream(w, r, request, p.StreamOptions.IncludeUsage)
	default:
		c.complete(w, r, request)
	}
}

// complete sends the answer when it is complete.
func (c completions) complete(w http.ResponseWriter, r *http.Request, request model.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), maxSilence)
	defer cancel()
	answer, err := c.model.Stream(ctx, request, func(string) error { return nil })
	if err != nil {
		reject(w, failed(ctx, err))
		return
	}
	completion := newCompletion(c.model.Name(), "chat.completion")
	completion.Choices = []choice{{Message: &delta{"assistant", answer.Text}, FinishReason: finishReason(answer.StopReason)}}
	completion.Usage = usageOf(answer.Usage)
	sendJSON(w, http.StatusOK, completion)
}

// stream sends the answer as the model makes it. The stream begins at once, so that its
// heartbeat bridges the time until the first token: an error of the model is an event.
func (c completions) stream(w http.ResponseWriter, r *http.Request, request model.Request, withUsage bool) {
	events := sse.NewWriter(w, r, nil)
	defer events.Close()
	chunk := newCompletion(c.model.Name(), "chat.completion.chunk")
	send := func(choices ...choice) error {
		chunk.Choices = choices
		return events.SendJSON(sse.Event{}, chunk)
	}
	send(choice{Delta: &delta{Role: "assistant"}})
	answer, err := c.model.Stream(events.Context(), request, func(text string) error {
		return send(choice{Delta: &delta{Content: text}})
	})
	if err != nil {
		events.SendJSON(sse.Event{}, map[string]*rejection{"error": failed(r.Context(), err)})
		return
	}
	send(choice{Delta: &delta{}, FinishReason: finishReason(answer.StopReason)})
	if withUsage {
		chunk.Usage = usageOf(answer.Usage)
		send([]choice{}...) // not null
	}
	events.Send(sse.Event{Data: "[DONE]"})
}

// models serves GET /v1/models.
type models struct{ model model.Model }

func (m models) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	entry := map[string]any{"id": m.model.Name(), "object": "model", "created": 0, "owned_by": "cloudfurl"}
	sendJSON(w, http.StatusOK, map[string]any{"object": "list", "data": []any{entry}})
}
