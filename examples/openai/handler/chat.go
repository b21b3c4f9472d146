package main

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"github.com/cloudfurl/cloudfurl/functions/agent/model"
	"github.com/cloudfurl/cloudfurl/functions/sse"
)

// chat serves POST /api/chat, where useChat of the AI SDK sends its messages.
type chat struct{ model model.Model }

func (c chat) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, rejected := readBody(w, r)
	if rejected != nil {
		http.Error(w, rejected.Message, rejected.status)
		return
	}
	request, err := uiRequestOf(body)
	if err != nil {
		// useChat's error has the body as its message.
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	c.stream(w, r, request)
}

// stream sends an answer as a UI message stream: a message with one text.
//
// See: https://ai-sdk.dev/docs/ai-sdk-ui/stream-protocol
func (c chat) stream(w http.ResponseWriter, r *http.Request, request model.Request) {
	w.Header().Set("X-Vercel-AI-UI-Message-Stream", "v1")
	events := sse.NewWriter(w, r, nil)
	defer events.Close()
	send := func(part map[string]any) error { return events.SendJSON(sse.Event{}, part) }

	send(map[string]any{"type": "start", "messageId": rand.Text()})
	send(map[string]any{"type": "text-start", "id": "text"})
	answer, err := c.model.Stream(events.Context(), request, func(text string) error {
		return send(map[string]any{"type": "text-delta", "id": "text", "delta": text})
	})
	if err != nil {
		send(map[string]any{"type": "error", "errorText": failed(r.Context(), err).Message})
		return
	}
	send(map[string]any{"type": "text-end", "id": "text"})
	reason := strings.ReplaceAll(*finishReason(answer.StopReason), "_", "-")
	send(map[string]any{"type": "finish", "finishReason": reason, "messageMetadata": map[string]any{"usage": answer.Usage}})
	events.Send(sse.Event{Data: "[DONE]"})
}

// uiRequestOf reads the messages of useChat.
func uiRequestOf(body []byte) (model.Request, error) {
	var asked struct {
		Messages []struct {
			Role  string `json:"role"`
			Parts []part `json:"parts"`
		} `json:"messages"`
	}
	if err := json.Unmarshal(body, &asked); err != nil {
		return model.Request{}, err
	}
	var turns []turn
	for _, m := range asked.Messages {
		if m.Role != "system" && m.Role != "user" && m.Role != "assistant" {
			return model.Request{}, fmt.Errorf("this server doesn't support messages with the role %q", m.Role)
		}
		text, err := textOf(m.Parts)
		if err != nil {
			return model.Request{}, err
		}
		turns = append(turns, turn{m.Role, text})
	}
	return requestOf(turns, 0)
}
