package main

import (
	"context"
	"errors"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"github.com/cloudfurl/cloudfurl/functions/agent/model"
)

func TestAgent_answers_with_an_approved_draft(t *testing.T) {
	events := ask(t, newAgent(t, says(map[string]string{
		planSystem:   "- heartbeat\n2. \"permissions\"",
		draftSystem:  "A draft. [1]",
		reviewSystem: "approved.",
	})), "Why heartbeats?")
	const want = `run_started
node_started plan
node_finished plan
node_started search_1
node_finished search_1
node_started search_2
node_finished search_2
node_skipped search_3
node_started draft
node_finished draft
node_started review
node_finished review
node_skipped revise
node_started answer
node_finished answer
run_finished`
	if got := summary(events); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	end := last(events).Output
	if end.Text != "A draft. [1]" || len(end.Passages) != 4 || end.Passages[0].Title != "Heartbeats" || end.Passages[2].Title != "Permissions of a function URL" {
		t.Errorf("got the answer %+v, want the draft and the passages of both searches", end)
	}
}

func TestAgent_answers_with_the_revision_that_the_review_asks_for(t *testing.T) {
	var revise model.Request
	answers := says(map[string]string{planSystem: "heartbeat", draftSystem: "A draft.", reviewSystem: "REVISE: cite the note.", reviseSystem: "A revision. [1]"})
	events := ask(t, newAgent(t, fake(func(ctx context.Context, r model.Request, token func(string) error) (model.Answer, error) {
		if r.System == reviseSystem {
			revise = r
		}
		return answers(ctx, r, token)
	})), "Why heartbeats?")
	if got := last(events).Output.Text; got != "A revision. [1]" {
		t.Errorf("got the answer %q", got)
	}
	for _, want := range []string{"<question>\nWhy heartbeats?\n</question>\n", "[1] Heartbeats: ", "<draft>\nA draft.\n</draft>\n", "<review>\nREVISE: cite the note.\n</review>\n"} {
		if !strings.Contains(revise.Prompt, want) {
			t.Errorf("the model is asked to revise %q, want %q in it", revise.Prompt, want)
		}
	}
}

func TestAgent_asks_again_what_may_pass_and_says_so(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var attempts atomic.Int32
		answers := says(map[string]string{planSystem: "heartbeat", draftSystem: "A draft.", reviewSystem: "APPROVED"})
		events := ask(t, newAgent(t, fake(func(ctx context.Context, r model.Request, token func(string) error) (model.Answer, error) {
			if r.System == draftSystem && attempts.Add(1) < 3 {
				token("A dr")
				return model.Answer{}, &model.Error{Model: "fake", Problem: "broke off", Temporary: true}
			}
			return answers(ctx, r, token)
		})), "Why heartbeats?")
		var got []string
		for _, e := range events {
			if e.Node == "draft" {
				got = append(got, string(e.Type))
			}
			if e.Type == "node_retrying" && (e.Error != "the model fake broke off" || e.RetryAfter < 250) {
				t.Errorf("got %+v, want why and when it is tried again", e)
			}
		}
		want := []string{"node_started", "token", "node_retrying", "node_started", "token", "node_retrying", "node_started", "token", "node_finished"}
		if !slices.Equal(got, want) || last(events).Type != "run_finished" {
			t.Errorf("got %q and then %s", got, last(events).Type)
		}
	})
}

func TestAgent_says_why_it_fails_without_secrets(t *testing.T) {
	for name, c := range map[string]struct {
		model model.Model
		want  string
	}{
		"the model's failure": {fake(func(context.Context, model.Request, func(string) error) (model.Answer, error) {
			return model.Answer{}, &model.Error{Model: "fake", Problem: "may not be used", Hint: "grant it", Err: context.Canceled}
		}), "the model fake may not be used: grant it"},
		"an empty answer": {says(nil), "the model fake sent an empty answer"},
		"another failure": {fake(func(context.Context, model.Request, func(string) error) (model.Answer, error) {
			return model.Answer{}, errors.New("secret")
		}), "the agent failed: its log says why"},
		"a timeout": {fake(func(ctx context.Context, _ model.Request, _ func(string) error) (model.Answer, error) {
			<-ctx.Done()
			return model.Answer{}, context.Cause(ctx)
		}), "the model fake took longer than 30s"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				events := ask(t, newAgent(t, c.model), "Why heartbeats?")
				got := summary(events[len(events)-2:])
				if want := "node_failed plan: " + c.want + "\nrun_failed: " + c.want; strings.ReplaceAll(got, " : ", ": ") != want {
					t.Errorf("got\n%s\nwant\n%s", got, want)
				}
			})
		})
	}
}

func TestParseQueries_reads_what_models_write(t *testing.T) {
	for plan, want := range map[string][]string{
		"one\ntwo\nthree\nfour":              {"one", "two", "three"},
		"1. one\r\n2) two\n- three\n":        {"one", "two", "three"},
		"\"one\"\n\n  * one\n":               {"one"},
		"2 MB":                               {"2 MB"},
		"\n \n":                              {"the question"},
		strings.Repeat("x", 201) + "\nshort": {"short"},
	} {
		if got := parseQueries(plan, "the question"); !slices.Equal(got, want) {
			t.Errorf("%q: got %q, want %q", plan, got, want)
		}
	}
}

func TestSection_cannot_be_ended_by_its_text(t *testing.T) {
	for _, text := range []string{"a</question>b", "</</question>question>", "</notes>"} {
		if got := section("question", text); strings.Count(got, "</") != 1 {
			t.Errorf("%q becomes %q", text, got)
		}
	}
}

func TestLibrary_finds_what_notes_are_about(t *testing.T) {
	notes, err := newLibrary(noteFiles)
	if err != nil {
		t.Fatal(err)
	}
	for query, want := range map[string]string{
		"which permissions does CloudFront need?": "Permissions of a function URL",
		"heartbeat":                     "Heartbeats",
		"What if the viewer has left":   "Viewers who leave",
		"hash of a body":                "Why a POST fails, and hashes of bodies",
		"how many MB can a stream have": "Limits of requests and streams",
		"SHA-256":                       "Why a POST fails, and hashes of bodies",
		"when does a chunk arrive":      "How streaming works",
	} {
		found := notes.search(query, 2)
		if len(found) == 0 || found[0].Title != want {
			t.Errorf("%q finds %+v, want %s first", query, found, want)
		}
		if len(found) > 2 {
			t.Errorf("%q finds %d passages, want at most 2", query, len(found))
		}
	}
	// A passage that only has a common word of the question is left out.
	if found := notes.search("heartbeat of a stream", 10); len(found) != 2 {
		t.Errorf("a heartbeat finds %+v, want the two passages about it", found)
	}
	if found := notes.search("elephants", 2); len(found) != 0 {
		t.Errorf("elephants finds %+v", found)
	}
}

// The questions that the page suggests, and how their answers begin.
func TestScripted_answers_what_newcomers_ask(t *testing.T) {
	page, err := os.ReadFile("../../site/index.html")
	if err != nil {
		t.Fatal(err)
	}
	suggested := regexp.MustCompile(`formnovalidate>([^<]+)<|value="([^"]+\?)"`).FindAllStringSubmatch(string(page), -1)
	answers := map[string]string{
		"Why does my POST fail with 403?": "A POST or PUT fails with 403 if ",
		"What is OAC?":                    "OAC is how CloudFront proves itself ",
		"Why does my POST fail?":          "A POST or PUT fails with 403 if ",
		"What does it cost?":              "An endpoint costs what ",
		"How do I deploy it?":             "To deploy an app of your own, run cloudfurl init ",
		"Which limits are there?":         "The limits are Lambda's: ",
		"How do users log in?":            "Users log in as in any web app: ",
		"Which timeouts are there?":       "Two timeouts count. ",
		"How does streaming work?":        "Streaming works in three places: ",
		"Can I use my own domain?":        "To use a custom domain of your own, set DomainNames ",
		"How do I run it locally?":        "To run an app locally, use cloudfurl local: ",
	}
	h := embeddedAgent(t)
	for _, match := range suggested {
		question := match[1] + match[2]
		answer := last(ask(t, h, question)).Output.Text
		if want := answers[question]; want == "" || !strings.HasPrefix(answer, want) || !strings.Contains(answer, "[1]") {
			t.Errorf("%s: got %q, want it to begin with %q", question, answer, want)
		}
		delete(answers, question)
	}
	if len(answers) > 0 {
		t.Errorf("the page doesn't suggest %v", answers)
	}
}

func TestScripted_quotes_the_notes_and_nothing_else(t *testing.T) {
	h := embeddedAgent(t)
	all := ""
	notes, _ := newLibrary(noteFiles)
	for _, p := range notes.passages {
		all += p.Text + "\n"
	}
	citation := regexp.MustCompile(` \[\d\]\s*`)
	for _, question := range []string{"What is a heartbeat?", "How do responses stream when a viewer leaves?", "Why is my POST rejected with 403?", "Which is the limit of the rate?"} {
		events := ask(t, h, question)
		answer := last(events).Output.Text
		for _, quote := range citation.Split(answer, -1) {
			if !strings.Contains(all, quote) {
				t.Errorf("%s: %q isn't in the notes", question, quote)
			}
		}
		if again := last(ask(t, h, question)).Output.Text; again != answer {
			t.Errorf("%s: got %q and then %q", question, answer, again)
		}
		var tokens strings.Builder
		for _, e := range events {
			if e.Type == "token" && (e.Node == "draft" || e.Node == "revise") {
				tokens.WriteString(e.Text)
			}
		}
		if !strings.HasSuffix(tokens.String(), answer) {
			t.Errorf("%s: the tokens are %q, and the answer is %q", question, &tokens, answer)
		}
	}
	for _, question := range []string{"Do elephants fly?", "Who are you?"} {
		if got := last(ask(t, h, question)).Output.Text; got != nothingFound {
			t.Errorf("%s: got %q", question, got)
		}
	}
}
