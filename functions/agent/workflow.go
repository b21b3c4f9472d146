package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/cloudfurl/cloudfurl/functions/agent/graph"
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

type (
	node = graph.Node[output]
	edge = graph.Edge[output]
	task = graph.Task[output]
)

// passagesPerQuery is how many passages a search returns at most.
const passagesPerQuery = 2

// newWorkflow returns the agent's graph. The timeouts of its longest path add up
// to less than the five minutes of the function:
//
//	plan ─▶ search_1, search_2, search_3 ─▶ draft ─▶ review ─▶ revise ─▶ answer
//	                                                    └────── approved ──▶
//
// The plan decides how many searches run, side by side. The answer is the draft,
// or its revision.
func newWorkflow(m model.Model, notes *library) (*graph.Graph[output], error) {
	a := agent{m, notes}
	nodes := []node{a.asks("plan", 30*time.Second, a.plan)}
	var edges []edge
	for i := range maxQueries {
		name := searchName(i)
		nodes = append(nodes, node{Name: name, Timeout: 5 * time.Second, Run: a.search(i)})
		edges = append(edges,
			edge{From: "plan", To: name, When: func(plan output) bool { return i < len(plan.Queries) }},
			edge{From: name, To: "draft"})
	}
	nodes = append(nodes,
		a.asks("draft", 90*time.Second, a.draft),
		a.asks("review", 60*time.Second, a.review),
		a.asks("revise", 90*time.Second, a.revise),
		node{Name: "answer", Run: answer},
	)
	return graph.New("plan", nodes, append(edges,
		edge{From: "draft", To: "review"},
		edge{From: "review", To: "revise", When: func(review output) bool { return !isApproved(review.Text) }},
		edge{From: "review", To: "answer", When: func(review output) bool { return isApproved(review.Text) }},
		edge{From: "revise", To: "answer"},
	))
}

func searchName(i int) string { return fmt.Sprintf("search_%d", i+1) }

// An agent has what its nodes work with.
type agent struct {
	model model.Model
	notes *library
}

// asks returns a node that asks the model, again if it fails for a moment.
func (a agent) asks(name string, timeout time.Duration, request func(*task) model.Request) node {
	return node{
		Name:    name,
		Timeout: timeout,
		Retry:   graph.Retry{Attempts: 3, If: model.IsTemporary},
		Run: func(ctx context.Context, t *task) (output, error) {
			answer, err := a.model.Stream(ctx, request(t), t.Token)
			if err != nil {
				return output{}, err
			}
			if strings.TrimSpace(answer.Text) == "" {
				return output{}, &model.Error{Model: a.model.Name(), Problem: "sent an empty answer", Temporary: true}
			}
			result := output{Text: answer.Text, StopReason: answer.StopReason, Usage: &answer.Usage}
			if name == "plan" {
				result.Queries = parseQueries(answer.Text, t.Input.Text)
			}
			return result, nil
		},
	}
}

func (agent) plan(t *task) model.Request {
	return model.Request{System: planSystem, Prompt: section("question", t.Input.Text), MaxTokens: 200}
}

func (agent) draft(t *task) model.Request {
	return model.Request{System: draftSystem, Prompt: material(t), MaxTokens: 1000}
}

func (agent) review(t *task) model.Request {
	return model.Request{System: reviewSystem, Prompt: material(t, "draft"), MaxTokens: 300}
}

func (agent) revise(t *task) model.Request {
	return model.Request{System: reviseSystem, Prompt: material(t, "draft", "review"), MaxTokens: 1000}
}

// search returns what a node does for a query of the plan.
func (a agent) search(i int) func(context.Context, *task) (output, error) {
	return func(_ context.Context, t *task) (output, error) {
		plan, _ := t.Output("plan")
		return output{Passages: a.notes.search(plan.Queries[i], passagesPerQuery)}, nil
	}
}

// material is the question, what was found, and what other nodes made of it.
func material(t *task, nodes ...string) string {
	prompt := section("question", t.Input.Text) + notesSection(found(t))
	for _, name := range nodes {
		made, _ := t.Output(name)
		prompt += section(name, made.Text)
	}
	return prompt
}

// found returns the passages of all searches, each once.
func found(t *task) (passages []passage) {
	for i := range maxQueries {
		result, _ := t.Output(searchName(i))
		for _, p := range result.Passages {
			if !slices.Contains(passages, p) {
				passages = append(passages, p)
			}
		}
	}
	return passages
}

func answer(_ context.Context, t *task) (output, error) {
	result, revised := t.Output("revise")
	if !revised {
		result, _ = t.Output("draft")
	}
	return output{Text: result.Text, Passages: found(t), StopReason: result.StopReason}, nil
}
