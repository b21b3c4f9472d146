package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
)

// A message is one of a request for a chat completion.
type message struct {
	Role      string          `json:"role"`
	Content   json.RawMessage `json:"content"`
	ToolCalls []any           `json:"tool_calls"`
}

// turnsOf returns the messages as turns.
func turnsOf(messages []message) ([]turn, *rejection) {
	var turns []turn
	for i, m := range messages {
		param := fmt.Sprintf("messages[%d]", i)
		role := m.Role
		switch {
		case role == "developer":
			role = "system"
		case role != "system" && role != "user" && role != "assistant":
			return nil, invalid(http.StatusBadRequest, "unsupported_value", param+".role", "this server doesn't support messages with the role %q", role)
		}
		if len(m.ToolCalls) > 0 {
			return nil, invalid(http.StatusBadRequest, "unsupported_value", param+".tool_calls", "this server doesn't support tool_calls")
		}
		text, err := m.text()
		if err != nil {
			return nil, invalid(http.StatusBadRequest, "unsupported_value", param+".content", "%v", err)
		}
		turns = append(turns, turn{role, text})
	}
	return turns, nil
}

// text returns the content, which is a string or a list of parts.
func (m *message) text() (string, error) {
	var text string
	if json.Unmarshal(m.Content, &text) == nil {
		return text, nil
	}
	var parts []part
	if err := json.Unmarshal(m.Content, &parts); err != nil {
		return "", fmt.Errorf("the content isn't a text or a list of parts")
	}
	return textOf(parts)
}

// A part is a piece of a message, in both protocols.
type part struct {
	Type string `json:"type"`
	Text string `json:"text"`
}

// textOf returns the texts of parts. Images, files and others are an error.
func textOf(parts []part) (string, error) {
	var texts []string
	for _, p := range parts {
		if p.Type != "text" {
			return "", fmt.Errorf("this server doesn't support parts of type %q", p.Type)
		}
		texts = append(texts, p.Text)
	}
	return strings.Join(texts, "\n"), nil
}
