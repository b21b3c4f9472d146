package main

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/cloudfurl/cloudfurl/functions/agent/model"
	"github.com/cloudfurl/cloudfurl/functions/agent/model/embedded"
	"github.com/cloudfurl/cloudfurl/functions/agent/model/openai"
	"github.com/cloudfurl/cloudfurl/internal/contract"
)

// The environment variables beside contract.EnvironmentAgentModel.
const (
	environmentTokenDelay = "AGENT_TOKEN_DELAY"
	environmentBaseURL    = "OPENAI_BASE_URL"
	environmentAPIKey     = "OPENAI_API_KEY"
)

const defaultTokenDelay = "30ms"

// newBedrock is nil in a build with the tag nobedrock, which saves compiling the AWS SDK.
var newBedrock func(ctx context.Context, id string) (model.Model, error)

// modelFrom returns the model that the environment chooses.
func modelFrom(ctx context.Context, getenv func(string) string) (model.Model, error) {
	chosen := getenv(contract.EnvironmentAgentModel)
	kind, name, _ := strings.Cut(chosen, ":")
	switch {
	case chosen == "" || chosen == "embedded":
		delay, err := time.ParseDuration(cmp.Or(getenv(environmentTokenDelay), defaultTokenDelay))
		if err != nil {
			return nil, fmt.Errorf("%s is %q: set it to the time before each token of the embedded model, such as 30ms", environmentTokenDelay, getenv(environmentTokenDelay))
		}
		return embedded.New(scripted, delay), nil
	case kind == "bedrock" && name != "":
		if newBedrock == nil {
			return nil, fmt.Errorf("%s is %q, but the agent was built with the tag nobedrock: build it without, as the demo does with the context agentModel=%s", contract.EnvironmentAgentModel, chosen, chosen)
		}
		return newBedrock(ctx, name)
	case kind == "openai" && name != "":
		base := getenv(environmentBaseURL)
		if base == "" {
			return nil, fmt.Errorf("%s is %q, but %s isn't set: set it to the server's address, such as http://127.0.0.1:11434/v1", contract.EnvironmentAgentModel, chosen, environmentBaseURL)
		}
		return openai.New(name, openai.Options{BaseURL: base, Key: getenv(environmentAPIKey)})
	}
	return nil, fmt.Errorf("%s is %q: use embedded, bedrock:MODEL-ID or openai:MODEL", contract.EnvironmentAgentModel, chosen)
}
