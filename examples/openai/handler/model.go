package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/cloudfurl/cloudfurl/functions/agent/model"
	"github.com/cloudfurl/cloudfurl/functions/agent/model/bedrock"
	"github.com/cloudfurl/cloudfurl/functions/agent/model/embedded"
	"github.com/cloudfurl/cloudfurl/functions/agent/model/openai"
)

// modelFrom returns the model that MODEL chooses: embedded (the default), bedrock:ID, or
// openai:NAME at OPENAI_BASE_URL with the key OPENAI_API_KEY.
func modelFrom(ctx context.Context, getenv func(string) string) (model.Model, error) {
	chosen := getenv("MODEL")
	kind, name, _ := strings.Cut(chosen, ":")
	switch {
	case chosen == "" || chosen == "embedded":
		return embedded.New(count, 30*time.Millisecond), nil
	case kind == "bedrock" && name != "":
		return bedrock.New(ctx, name)
	case kind == "openai" && name != "":
		return openai.New(name, openai.Options{BaseURL: getenv("OPENAI_BASE_URL"), Key: getenv("OPENAI_API_KEY")})
	}
	return nil, fmt.Errorf("MODEL is %q: set it to embedded, bedrock:ID or openai:NAME", chosen)
}

// count is the embedded model, which understands nothing.
func count(r model.Request) string {
	words := strings.Fields(r.Prompt)
	return fmt.Sprintf("You sent %d words, and the last is %q. No language model answers here: set MODEL.", len(words), words[len(words)-1])
}
