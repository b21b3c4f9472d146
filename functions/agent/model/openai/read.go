package openai

import (
	"bufio"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"io"
	"strings"

	"github.com/cloudfurl/cloudfurl/client"
	"github.com/cloudfurl/cloudfurl/functions/agent/model"
)

const (
	// done is the data of the last event.
	done = "[DONE]"

	// maxEvent bounds an event, in bytes. Real ones have a few hundred.
	maxEvent = 1 << 20
)

// A chunk is the data of an event. The one with the usage has no choices.
type chunk struct {
	Choices []struct {
		Delta struct {
			Content string `json:"content"`
		} `json:"delta"`
		FinishReason string `json:"finish_reason"`
	} `json:"choices"`
	Usage *struct {
		PromptTokens     int `json:"prompt_tokens"`
		CompletionTokens int `json:"completion_tokens"`
	} `json:"usage"`

	// Error ends a stream that has begun. It is an object or a string.
	Error json.RawMessage `json:"error"`
}

// stopReasons are the finish reasons that Bedrock has other words for.
var stopReasons = map[string]model.StopReason{
	"stop":           model.EndTurn,
	"length":         model.MaxTokens,
	"content_filter": model.ContentFiltered,
}

// read reads a stream. Some servers send no [DONE], and some no finish reason: one
// of them says that the answer is complete.
func (o *openai) read(ctx context.Context, body io.Reader, token func(string) error) (model.Answer, error) {
	var answer model.Answer
	text := model.NewText(o.Name(), token)
	// Some servers forget the empty line after the last event.
	body = io.MultiReader(body, strings.NewReader("\n\n"))
	for event, err := range client.Events(body, &client.StreamOptions{MaxBytes: maxEvent}) {
		if err == nil && event.Data == done {
			answer.StopReason = cmp.Or(answer.StopReason, model.EndTurn)
			break
		}
		var c chunk
		if err == nil {
			err = json.Unmarshal([]byte(event.Data), &c)
		}
		var malformed *json.SyntaxError
		switch {
		case errors.As(err, &malformed), errors.Is(err, bufio.ErrTooLong):
			return answer, o.failure(ctx, "sent an event that isn't a chat completion", "", false, err)
		case err != nil:
			return answer, o.failure(ctx, brokeOff, "", true, err)
		case len(c.Error) > 0 && string(c.Error) != "null":
			return answer, o.failure(ctx, "failed in the middle of its answer", "", true, errors.New(string(c.Error)))
		}
		if err := c.addTo(&answer, text); err != nil {
			return answer, err
		}
	}
	if answer.StopReason == "" {
		return answer, o.failure(ctx, brokeOff, "", true, io.EOF)
	}
	answer.Text = text.String()
	return answer, nil
}

const brokeOff = "broke off before the end of its answer"

// addTo adds a chunk to an answer. There is one choice, because one was asked for.
func (c *chunk) addTo(answer *model.Answer, text *model.Text) error {
	if c.Usage != nil {
		answer.Usage = model.Usage{InputTokens: c.Usage.PromptTokens, OutputTokens: c.Usage.CompletionTokens}
	}
	if len(c.Choices) == 0 {
		return nil
	}
	if reason := c.Choices[0].FinishReason; reason != "" {
		answer.StopReason = cmp.Or(stopReasons[reason], model.StopReason(reason))
	}
	return text.Add(c.Choices[0].Delta.Content)
}
