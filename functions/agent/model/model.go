// Package model is what an agent needs of a language model: a prompt goes in, and
// tokens come out as they are made. Its packages are models: bedrock, openai and
// embedded.
package model

import "context"

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
