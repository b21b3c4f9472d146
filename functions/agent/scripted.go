package main

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/cloudfurl/cloudfurl/functions/agent/model"
)

// scripted writes the answers of the embedded model. It understands nothing: it
// picks words of the question and quotes notes, by rules, and the same
// prompt always gets the same answer.
func scripted(r model.Request) string {
	parts := map[string]string{}
	for _, m := range sections.FindAllStringSubmatch(r.Prompt, -1) {
		parts[m[1]] = m[2]
	}
	switch r.System {
	case planSystem:
		return scriptedPlan(parts["question"])
	case draftSystem:
		return quote(parts["notes"], draftedNotes)
	case reviewSystem:
		return scriptedReview(parts["notes"], parts["draft"])
	default:
		return quote(parts["notes"], maxQueries*passagesPerQuery)
	}
}

// draftedNotes is how many notes a draft quotes. A question that finds more gets
// a revision, so that both ways through the workflow can be seen.
const draftedNotes = 2

// scriptedPlan searches for all keywords together, and for the longest alone.
func scriptedPlan(question string) string {
	all := slices.Compact(keywords(question))
	if len(all) == 0 {
		return question
	}
	queries := []string{strings.Join(all, " ")}
	longest := slices.Clone(all)
	slices.SortStableFunc(longest, func(a, b string) int { return len(b) - len(a) })
	for _, w := range longest[:min(len(longest), maxQueries-1)] {
		if len(all) > 1 {
			queries = append(queries, w)
		}
	}
	return strings.Join(queries, "\n")
}

var numbered = regexp.MustCompile(`(?m)^\[(\d+)\] [^:\n]*: (.*)$`)

// nothingFound says what this agent is to those who expect more.
const nothingFound = "The notes say nothing about that. No language model answers here: rules find notes by the words of a question, and quote them. " +
	"Ask about OAC, POST, cost, deploying, limits, authorization, timeouts, streaming, domains or running locally, or deploy with a model."

// quote answers with the first notes.
func quote(notes string, limit int) string {
	var quotes []string
	for _, note := range numbered.FindAllStringSubmatch(notes, limit) {
		quotes = append(quotes, fmt.Sprintf("%s [%s]", note[2], note[1]))
	}
	return cmp.Or(strings.Join(quotes, "\n\n"), nothingFound)
}

// scriptedReview approves a draft that cites all notes.
func scriptedReview(notes, draft string) string {
	var missing []string
	for _, note := range numbered.FindAllStringSubmatch(notes, -1) {
		if number := "[" + note[1] + "]"; !strings.Contains(draft, number) {
			missing = append(missing, number)
		}
	}
	if missing == nil {
		return "APPROVED"
	}
	return "REVISE: cite " + strings.Join(missing, " and ") + " too."
}
