// Package model is what an agent needs of a language model: a prompt goes in, and
// tokens come out as they are made. Its packages are models: bedrock, openai and
// embedded.
package model

import (
	"context"
	"errors"
	"strings"
)

// A Model answers prompts. It is safe for concurrent use.
type Model interface {
	// Name says which model it is, such as "bedrock:amazon.nova-micro-v1:0".
	Name() string

	// Stream calls token with each piece of the answer as it arrives, never twice
	// at a time, and returns when the answer is complete. While token blocks,
	// nothing more is read from the model.
	//
	// An error of token ends the stream and is returned as it is. When ctx ends,
	// the request is dropped at once, and the error is ctx's cause. All other
	// errors are an *Error.
	Stream(ctx context.Context, request Request, token func(text string) error) (Answer, error)
}

// A Request is one prompt.
type Request struct {
	// System is how the model should behave. Default: empty, as it likes
	System string

	// Prompt is what the model should answer. Required.
	Prompt string

	// MaxTokens bounds the answer. Default: 0, the model's own limit
	MaxTokens int
}

// An Answer is what a model has streamed.
type Answer struct {
	// Text is all of it.
	Text string

	// StopReason is why it ended.
	StopReason StopReason

	// Usage is what it cost.
	Usage Usage
}

// Usage counts tokens, as the model does. It is 0 if the model doesn't tell.
type Usage struct {
	InputTokens  int `json:"inputTokens"`
	OutputTokens int `json:"outputTokens"`
}

// A StopReason is why an answer ended. A model may have others than these, in its
// own words.
type StopReason string

// Stop reasons, in the words of Amazon Bedrock.
const (
	EndTurn         StopReason = "end_turn"
	MaxTokens       StopReason = "max_tokens"
	ContentFiltered StopReason = "content_filtered"
)

// An Error is why a model didn't answer. Problem and Hint are fit for viewers. Err
// may name accounts, roles and addresses, and is for the log.
type Error struct {
	// Model is the name of the model.
	Model string

	// Problem is what went wrong, as the rest of a sentence that begins with the
	// model: "is throttled".
	Problem string

	// Hint is what to do. Default: empty, nothing is known
	Hint string

	// Temporary reports whether the same request may succeed in a moment.
	Temporary bool

	// Err is what the model, or the network, said. Default: nil
	Err error
}

// Error returns the whole story.
func (e *Error) Error() string {
	text := e.Public()
	if e.Err != nil {
		text += " (" + e.Err.Error() + ")"
	}
	return text
}

// Public returns the story without Err.
func (e *Error) Public() string {
	text := "the model " + e.Model + " " + e.Problem
	if e.Hint != "" {
		text += ": " + e.Hint
	}
	return text
}

// Unwrap returns Err.
func (e *Error) Unwrap() error { return e.Err }

// IsTemporary reports whether err is an *Error that may pass.
func IsTemporary(err error) bool {
	var failure *Error
	return errors.As(err, &failure) && failure.Temporary
}

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
