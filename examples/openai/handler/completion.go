package main

import (
	"crypto/rand"
	"time"

	"github.com/cloudfurl/cloudfurl/functions/agent/model"
)

// A completion is an answer, or a chunk of one.
//
// See: https://platform.openai.com/docs/api-reference/chat/object
// See: https://platform.openai.com/docs/api-reference/chat-streaming
type completion struct {
	ID      string   `json:"id"`
	Object  string   `json:"object"`
	Created int64    `json:"created"`
	Model   string   `json:"model"`
	Choices []choice `json:"choices"`
	Usage   *usage   `json:"usage,omitempty"`
}

// A choice has a message in an answer, and a delta in a chunk.
type choice struct {
	Index        int     `json:"index"`
	Message      *delta  `json:"message,omitempty"`
	Delta        *delta  `json:"delta,omitempty"`
	FinishReason *string `json:"finish_reason"`
}

type delta struct {
	Role    string `json:"role,omitempty"`
	Content string `json:"content"`
}

type usage struct {
	PromptTokens     int `json:"prompt_tokens"`
	CompletionTokens int `json:"completion_tokens"`
	TotalTokens      int `json:"total_tokens"`
}

func newCompletion(model, object string) *completion {
	return &completion{ID: "chatcmpl-" + rand.Text(), Object: object, Created: time.Now().Unix(), Model: model}
}

func usageOf(u model.Usage) *usage {
	return &usage{u.InputTokens, u.OutputTokens, u.InputTokens + u.OutputTokens}
}

// finishReason returns why an answer ended in OpenAI's words, or in the model's own.
func finishReason(reason model.StopReason) *string {
	word := string(reason)
	switch reason {
	case model.EndTurn, "stop_sequence":
		word = "stop"
	case model.MaxTokens:
		word = "length"
	case model.ContentFiltered, "guardrail_intervened":
		word = "content_filter"
	}
	return &word
}
