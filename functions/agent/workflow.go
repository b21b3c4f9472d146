package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/cloudfurl/cloudfurl/functions/agent/flow"
	"github.com/cloudfurl/cloudfurl/functions/agent/model"
)

// An output is what a node returns.
type output struct {
	Text string `json:"text,omitempty"`

	// Queries are what the plan searches for, and Passages what was found.
	Queries  []string  `json:"queries,omitempty"`
	Passages []passage `json:"passages,omitempty"`

	// StopReason and Usage are the model's.
	StopReason model.StopReason `json:"stopReason,omitempty"`
	Usage      *model.Usage     `json:"usage,omitempty"`
}

type node = flow.Node[output]

// passagesPerQuery is how many passages a search returns at most.
const passagesPerQuery = 2

// An agent has what its nodes work with.
type agent struct {
	model model.Model
	notes *library
}

// answer is the agent's workflow. The timeouts of its nodes add up to less than the
// five minutes of the function:
//
//	plan ─▶ search_1, search_2, search_3 ─▶ draft ─▶ review ─▶ revise ─▶ answer
//	                                                    └────── approved ──▶
//
// The plan decides how many searches run, side by side. The answer is the draft,
// or its revision.
func (a agent) answer(f *flow.Flow[output], question string) (output, error) {
	plan, err := f.Do(a.plan(question))
	if err != nil {
		return output{}, err
	}
	results, err := f.All(a.searches(plan.Queries)...)
	if err != nil {
		return output{}, err
	}
	passages := distinct(results)
	material := section("question", question) + notesSection(passages)
	draft, err := f.Do(a.asks("draft", 90*time.Second, model.Request{System: draftSystem, Prompt: material, MaxTokens: 1000}))
	if err != nil {
		return output{}, err
	}
	material += section("draft", draft.Text)
	review, err := f.Do(a.asks("review", 60*time.Second, model.Request{System: reviewSystem, Prompt: material, MaxTokens: 300}))
	if err != nil {
		return output{}, err
	}
	material += section("review", review.Text)
	revise := a.asks("revise", 90*time.Second, model.Request{System: reviseSystem, Prompt: material, MaxTokens: 1000})
	revise.Skip = isApproved(review.Text)
	best, err := f.Do(revise)
	if err != nil {
		return output{}, err
	}
	if revise.Skip {
		best = draft
	}
	return f.Do(node{Name: "answer", Run: func(context.Context, func(string) error) (output, error) {
		return output{Text: best.Text, Passages: passages, StopReason: best.StopReason}, nil
	}})
}

// asks returns a node that asks the model, again if it fails for a moment.
func (a agent) asks(name string, timeout time.Duration, request model.Request) node {
	return node{
		Name:     name,
		Timeout:  timeout,
		Attempts: 3,
		Again:    model.IsTemporary,
		Run: func(ctx context.Context, token func(string) error) (output, error) {
			answer, err := a.model.Stream(ctx, request, token)
			if err != nil {
				return output{}, err
			}
			if strings.TrimSpace(answer.Text) == "" {
				return output{}, &model.Error{Model: a.model.Name(), Problem: "sent an empty answer", Temporary: true}
			}
			return output{Text: answer.Text, StopReason: answer.StopReason, Usage: &answer.Usage}, nil
		},
	}
}

// plan returns the node that asks the model what to search for.
func (a agent) plan(question string) node {
	plan := a.asks("plan", 30*time.Second, model.Request{System: planSystem, Prompt: section("question", question), MaxTokens: 200})
	ask := plan.Run
	plan.Run = func(ctx context.Context, token func(string) error) (output, error) {
		answer, err := ask(ctx, token)
		answer.Queries = parseQueries(answer.Text, question)
		return answer, err
	}
	return plan
}

// searches returns a node for each query that a plan can have.
func (a agent) searches(queries []string) (nodes []node) {
	for i := range maxQueries {
		nodes = append(nodes, node{
			Name: fmt.Sprintf("search_%d", i+1),
			Skip: i >= len(queries),
			Run: func(context.Context, func(string) error) (output, error) {
				return output{Passages: a.notes.search(queries[i], passagesPerQuery)}, nil
			},
		})
	}
	return nodes
}

// distinct returns the passages of all searches, each once.
func distinct(results []output) (passages []passage) {
	for _, result := range results {
		for _, p := range result.Passages {
			if !slices.Contains(passages, p) {
				passages = append(passages, p)
			}
		}
	}
	return passages
}
