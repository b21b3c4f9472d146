// Package embedded is a model without a model: a Go function writes the answer,
// and its words are sent as tokens, at a pace. The same prompt always gets the
// same answer. It shows what an agent streams, in tests and where no account is.
package embedded

import (
	"context"
	"regexp"
	"time"

	"github.com/cloudfurl/cloudfurl/functions/agent/model"
)

// tokens are words with the space that follows them.
var tokens = regexp.MustCompile(`\S+\s*|\s+`)

// New returns a model that answers a request with respond's text. It waits delay
// before each token. Its usage counts words.
func New(respond func(model.Request) string, delay time.Duration) model.Model {
	return &embedded{respond, delay}
}

type embedded struct {
	respond func(model.Request) string
	delay   time.Duration
}

// Name returns "embedded".
func (*embedded) Name() string { return "embedded" }

// Stream streams the words of the answer.
func (e *embedded) Stream(ctx context.Context, request model.Request, token func(string) error) (model.Answer, error) {
	text := model.NewText(e.Name(), token)
	usage := model.Usage{InputTokens: count(request.System) + count(request.Prompt)}
	for _, word := range tokens.FindAllString(e.respond(request), -1) {
		if request.MaxTokens > 0 && usage.OutputTokens == request.MaxTokens {
			return model.Answer{Text: text.String(), StopReason: model.MaxTokens, Usage: usage}, nil
		}
		if err := pause(ctx, e.delay); err != nil {
			return model.Answer{}, err
		}
		if err := text.Add(word); err != nil {
			return model.Answer{}, err
		}
		usage.OutputTokens++
	}
	return model.Answer{Text: text.String(), StopReason: model.EndTurn, Usage: usage}, nil
}

func count(text string) int { return len(tokens.FindAllStringIndex(text, -1)) }

// pause waits unless ctx ends first.
func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-time.After(d):
	case <-ctx.Done():
	}
	return context.Cause(ctx) // nil before the end
}
