package flow

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
	return do(name, func(context.Context, func(string) error) (string, error) { return text, nil })
}

func do(name string, f func(ctx context.Context, token func(string) error) (string, error)) Node[string] {
	return Node[string]{Name: name, Run: f}
}

// inTurn returns a workflow that runs nodes one after the other, and returns the
// output of the last.
func inTurn(nodes ...Node[string]) func(*Flow[string]) (string, error) {
	return func(f *Flow[string]) (output string, err error) {
		for _, node := range nodes {
			if output, err = f.Do(node); err != nil {
				return "", err
			}
		}
		return output, nil
	}
}

// atOnce returns a workflow that runs nodes side by side, and returns all outputs.
func atOnce(nodes ...Node[string]) func(*Flow[string]) (string, error) {
	return func(f *Flow[string]) (string, error) {
		outputs, err := f.All(nodes...)
		return strings.Join(outputs, ""), err
	}
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
