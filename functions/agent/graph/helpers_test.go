package graph

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// say returns a node that finishes with a text.
func say(name, text string) Node[string] {
	return Node[string]{Name: name, Run: func(context.Context, *Task[string]) (string, error) { return text, nil }}
}

func do(name string, f func(ctx context.Context, task *Task[string]) (string, error)) Node[string] {
	return Node[string]{Name: name, Run: f}
}

// to returns edges between neighbors of names.
func to(names ...string) (edges []Edge[string]) {
	for i := range len(names) - 1 {
		edges = append(edges, Edge[string]{From: names[i], To: names[i+1]})
	}
	return edges
}

func build(t *testing.T, nodes []Node[string], edges ...[]Edge[string]) *Graph[string] {
	t.Helper()
	var all []Edge[string]
	for _, e := range edges {
		all = append(all, e...)
	}
	g, err := New(nodes[0].Name, nodes, all)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// A recorder keeps events as lines, and checks what is true of all runs.
type recorder struct {
	t     *testing.T
	lines []string
	last  int
}

func (r *recorder) send(e Event[string]) error {
	r.last++
	if e.ID != r.last {
		r.t.Errorf("event %d has the id %d", r.last, e.ID)
	}
	r.lines = append(r.lines, line(e))
	return nil
}

func line(e Event[string]) string {
	text := string(e.Type)
	if e.Node != "" {
		text += " " + e.Node
	}
	if e.Attempt > 1 {
		text += fmt.Sprintf("#%d", e.Attempt)
	}
	if e.Text+e.Output != "" {
		text += ": " + e.Text + e.Output
	}
	if e.Err != nil {
		text += ": " + e.Err.Error()
	}
	return text
}

// check compares the events with lines of text, without their indentation.
func (r *recorder) check(want string) {
	r.t.Helper()
	var lines []string
	for l := range strings.Lines(want) {
		if l = strings.TrimSpace(l); l != "" {
			lines = append(lines, l)
		}
	}
	if got, want := strings.Join(r.lines, "\n"), strings.Join(lines, "\n"); got != want {
		r.t.Errorf("got the events\n%s\nwant\n%s", got, want)
	}
}
