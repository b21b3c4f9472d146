package main

import (
	"errors"
	"strings"

	"github.com/cloudfurl/cloudfurl/functions/agent/model"
)

// maxBody is what Lambda accepts, in bytes.
//
// See: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
const maxBody = 6 << 20

// A turn is one message of a conversation, by "system", "user" or "assistant".
type turn struct{ role, text string }

// requestOf returns the request for the next answer. A model.Model takes one prompt, so a
// conversation of several turns becomes a transcript.
func requestOf(conversation []turn, maxTokens int) (model.Request, error) {
	var system, transcript []string
	var last turn
	for _, t := range conversation {
		if t.role == "system" {
			system = append(system, t.text)
			continue
		}
		transcript = append(transcript, strings.ToUpper(t.role[:1])+t.role[1:]+": "+t.text)
		last = t
	}
	if last.role != "user" || strings.TrimSpace(last.text) == "" {
		return model.Request{}, errors.New("the last message has to be the user's and have a text")
	}
	prompt := last.text
	if len(transcript) > 1 {
		prompt = "Continue this conversation with the assistant's next message.\n\n" + strings.Join(transcript, "\n\n")
	}
	return model.Request{System: strings.Join(system, "\n\n"), Prompt: prompt, MaxTokens: maxTokens}, nil
}
