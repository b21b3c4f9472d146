package model

import "strings"

// maxText bounds an answer, in bytes. It is far more than the longest answers of
// known models, and keeps one that never ends from filling the memory.
const maxText = 1 << 20

// Text collects the tokens of an answer.
type Text struct {
	model string
	token func(string) error
	text  strings.Builder
}

// NewText returns an empty text of a model that passes each token on.
func NewText(model string, token func(string) error) *Text {
	return &Text{model: model, token: token}
}

// Add passes a token on, unless it is empty.
func (t *Text) Add(token string) error {
	if token == "" {
		return nil
	}
	if t.text.Len()+len(token) > maxText {
		return &Error{Model: t.model, Problem: "sent more than 1 MB of text", Hint: "ask for less, or set MaxTokens"}
	}
	t.text.WriteString(token)
	return t.token(token)
}

// String returns the text so far.
func (t *Text) String() string { return t.text.String() }
