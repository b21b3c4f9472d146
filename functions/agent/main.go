// Agent answers questions from a few notes, and streams each step of the work:
// it plans, searches, drafts, reviews and, if need be, revises. In Lambda it runs
// behind a function URL, elsewhere it is an ordinary HTTP server.
//
//	POST /agent {"question": …}
//
// The same is at /api/agent. The response is server-sent events: run_started, for
// each step node_started, token and node_finished, and at last run_finished,
// run_failed or run_canceled; run.go has their order. A browser's EventSource
// can't POST; client/cloudfurl.mjs reads the events of a fetch.
//
// AGENT_MODEL chooses the model:
//
//	embedded          passages of the notes, chosen by rules and sent word by word
//	                  every AGENT_TOKEN_DELAY (30ms); no model, no account
//	bedrock:MODEL-ID  Amazon Bedrock, with the function's role; not in a build with
//	                  the tag nobedrock
//	openai:MODEL      a server with OpenAI's API, such as Ollama or vLLM, at
//	                  OPENAI_BASE_URL with the key OPENAI_API_KEY
//
// # Viewers who leave
//
// With a table in RUNS_TABLE, runs are recorded by functions/runs: a run goes on to its
// end, a POST with Last-Event-ID and GET /agent/RUN resume it, and DELETE /agent/RUN
// stops it. RUN is the part of an event's id before the dot.
//
// Without one, nothing is resumed. An ordinary server notices at once, and the run and its request to the model
// end. Lambda doesn't tell the function, nor does the local edge: the run goes on,
// and is billed, until it is finished. It is bounded by the timeouts and token
// limits of its nodes, which workflow.go has, and by the function's timeout.
//
// See: https://docs.aws.amazon.com/lambda/latest/dg/configuration-response-streaming.html
//
// Inferred: while a viewer reads slowly, Lambda takes no more from the function
// than it buffers, so that the model waits too.
package main

import (
	"context"
	"log/slog"
	"net/http"
	"os"

	"github.com/aws/aws-lambda-go/lambdacontext"

	"github.com/cloudfurl/cloudfurl/functions/requestlog"
	"github.com/cloudfurl/cloudfurl/functions/runs"
	"github.com/cloudfurl/cloudfurl/functions/streamhttp"
)

func main() {
	slog.SetDefault(lambdacontext.NewLogger())
	handler, err := fromEnvironment(context.Background(), os.Getenv)
	if err != nil {
		slog.Error(err.Error())
		os.Exit(1)
	}
	streamhttp.Start(requestlog.Middleware(handler))
}

// fromEnvironment returns the agent with the model that the environment chooses.
func fromEnvironment(ctx context.Context, getenv func(string) string) (http.Handler, error) {
	chosen, err := modelFrom(ctx, getenv)
	if err != nil {
		return nil, err
	}
	notes, err := newLibrary(noteFiles)
	if err != nil {
		return nil, err
	}
	if getenv(runs.EnvironmentTable) == "" {
		return newHandler(agent{chosen, notes}, nil), nil
	}
	table, err := runs.NewTable()
	return newHandler(agent{chosen, notes}, runs.New(table, nil)), err
}
