package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

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
// The plan decides how many searches run. The answer is the draft, or its revision.
func (a agent) answer(r *run, question string) (output, error) {
	plan, err := a.plan(r, question)
	if err != nil {
		return output{}, err
	}
	passages, err := a.search(r, plan.Queries)
	if err != nil {
		return output{}, err
	}
	material := section("question", question) + notesSection(passages)
	best, err := a.ask(r, "draft", 90*time.Second, model.Request{System: draftSystem, Prompt: material, MaxTokens: 1000})
	if err != nil {
		return output{}, err
	}
	material += section("draft", best.Text)
	review, err := a.ask(r, "review", 60*time.Second, model.Request{System: reviewSystem, Prompt: material, MaxTokens: 300})
	if err != nil {
		return output{}, err
	}
	material += section("review", review.Text)
	if isApproved(review.Text) {
		err = r.send(event{Type: nodeSkipped, Node: "revise"})
	} else {
		best, err = a.ask(r, "revise", 90*time.Second, model.Request{System: reviseSystem, Prompt: material, MaxTokens: 1000})
	}
	if err != nil {
		return output{}, err
	}
	return r.do("answer", func(context.Context, func(string) error) (output, error) {
		return output{Text: best.Text, Passages: passages, StopReason: best.StopReason}, nil
	})
}

// plan asks the model what to search for.
func (a agent) plan(r *run, question string) (output, error) {
	request := model.Request{System: planSystem, Prompt: section("question", question), MaxTokens: 200}
	return r.do("plan", func(ctx context.Context, token func(string) error) (output, error) {
		answer, err := a.stream(ctx, 30*time.Second, request, token)
		answer.Queries = parseQueries(answer.Text, question)
		return answer, err
	})
}

// search runs a search for each query, and returns the passages of all, each once.
func (a agent) search(r *run, queries []string) (passages []passage, err error) {
	for i := range maxQueries {
		name := fmt.Sprintf("search_%d", i+1)
		if i >= len(queries) {
			err = r.send(event{Type: nodeSkipped, Node: name})
			continue
		}
		found, err := r.do(name, func(context.Context, func(string) error) (output, error) {
			return output{Passages: a.notes.search(queries[i], passagesPerQuery)}, nil
		})
		if err != nil {
			return nil, err
		}
		for _, p := range found.Passages {
			if !slices.Contains(passages, p) {
				passages = append(passages, p)
			}
		}
	}
	return passages, err
}

// ask runs a node that asks the model.
func (a agent) ask(r *run, name string, timeout time.Duration, request model.Request) (output, error) {
	return r.do(name, func(ctx context.Context, token func(string) error) (output, error) {
		return a.stream(ctx, timeout, request, token)
	})
}

// stream streams an answer of the model. The timeout includes the time in which token
// waits for the viewer.
func (a agent) stream(ctx context.Context, timeout time.Duration, request model.Request, token func(string) error) (output, error) {
	late := &model.Error{Model: a.model.Name(), Problem: "took longer than " + timeout.String()}
	ctx, cancel := context.WithTimeoutCause(ctx, timeout, late)
	defer cancel()
	answer, err := a.model.Stream(ctx, request, token)
	if err != nil {
		return output{}, err
	}
	if strings.TrimSpace(answer.Text) == "" {
		return output{}, &model.Error{Model: a.model.Name(), Problem: "sent an empty answer", Temporary: true}
	}
	return output{Text: answer.Text, StopReason: answer.StopReason, Usage: &answer.Usage}, nil
}
