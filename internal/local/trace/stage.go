package trace

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// Outcomes of a stage.
const (
	Passed   = "passed"
	Answered = "answered" // it made the response itself
	Refused  = "refused"  // with 4xx, by AWS or by a policy
	Failed   = "failed"
	Cut      = "cut"
)

// In and Out are the ways that a request takes through stages.
const (
	In  = "in"
	Out = "out"
)

// Origin is the stage of an origin, until what serves it enters its own.
const Origin = "origin"

// Enter opens a stage of a part, by its construct path, and a property of that. A stage
// without a part that changes and states nothing isn't shown.
func (t *Trace) Enter(way, name, part, property string) *Stage {
	if t.log == nil {
		return nil
	}
	defer t.lock()()
	s := t.open()
	if s == nil || s.Name != Origin {
		s = &Stage{trace: t, Way: way, BeginMs: t.now()}
		t.view.Stages = append(t.view.Stages, s)
	}
	s.Name, s.Part, s.Property = name, part, property
	return s
}

// Fact records what the open stage knows or decides. A value may have several lines.
func (t *Trace) Fact(name, value string) {
	defer t.lock()()
	t.fact(name, value)
}

func (t *Trace) fact(name, value string) {
	if s := t.open(); s != nil {
		s.Facts = append(s.Facts, [2]string{name, cut(value, maxText)})
	}
}

// Leave records what the stage changed, and closes it unless it is closed.
func (s *Stage) Leave(outcome string, changes ...Change) {
	if s == nil {
		return
	}
	defer s.trace.lock()()
	s.Changes = append(s.Changes, changes...)
	if s.Outcome == "" {
		s.close(outcome)
	}
}

// close closes an open stage, or changes how it ended; the caller holds the lock.
func (s *Stage) close(outcome string) {
	if s.Outcome == "" {
		s.DurationMs = toMicroseconds(s.trace.now() - s.BeginMs)
	}
	s.Outcome = outcome
	idle := outcome == Passed && s.Part == "" && len(s.Facts)+len(s.Changes) == 0
	if all := s.trace.view.Stages; idle && s == all[len(all)-1] {
		s.trace.view.Stages = all[:len(all)-1]
	}
}

// A State is what stages change of a request or a response.
type State struct {
	Method, Host, Path, Query string
	Status                    int
	Header                    http.Header // those of framing don't count
	Body                      int64       // its length in bytes, -1 if it isn't known
}

// framing are the headers that are shown as host and body.
var framing = []string{"Host", "Content-Length", "Transfer-Encoding"}

// ChangesTo returns what differs in the later state.
func (s State) ChangesTo(later State) (changes []Change) {
	add := func(what, name, before, after string) {
		kind := "replaced"
		switch {
		case before == after:
			return
		case before == "":
			kind = "added"
		case after == "":
			kind = "removed"
		}
		changes = append(changes, Change{What: what, Name: name, Kind: kind, Before: before, After: after})
	}
	add("method", "", s.Method, later.Method)
	add("host", "", s.Host, later.Host)
	add("path", "", s.Path, later.Path)
	add("query", "", s.Query, later.Query)
	if s.Status != later.Status {
		add("status", "", fmt.Sprint(s.Status), fmt.Sprint(later.Status))
	}
	if s.Body != later.Body && s.Body >= 0 && later.Body >= 0 {
		add("body", "", fmt.Sprint(s.Body, " bytes"), fmt.Sprint(later.Body, " bytes"))
	}
	first, more := len(changes), len(later.Header)
	for name, values := range s.Header {
		now, stays := later.Header[name]
		if stays {
			more--
		}
		if !slices.Equal(values, now) && !slices.Contains(framing, name) {
			add("header", name, join(values), join(now))
		}
	}
	for name, now := range later.Header {
		if more == 0 {
			break // most stages change nothing
		}
		if s.Header[name] == nil && !slices.Contains(framing, name) {
			add("header", name, "", join(now))
		}
	}
	slices.SortFunc(changes[first:], func(a, b Change) int { return cmp.Compare(a.Name, b.Name) })
	return changes
}

// join returns the values of a header, one a line.
func join(values []string) string { return cut(strings.Join(values, "\n"), maxText) }
