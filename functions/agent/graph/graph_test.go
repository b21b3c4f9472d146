package graph

import (
	"strings"
	"testing"
	"time"
)

func TestNew_says_what_is_wrong_with_a_graph(t *testing.T) {
	for name, c := range map[string]struct {
		start string
		nodes []Node[string]
		edges []Edge[string]
		want  []string
	}{
		"no nodes":     {"a", nil, nil, []string{`the start is "a", which isn't a node`}},
		"no name":      {"a", []Node[string]{say("a", ""), say("", "")}, nil, []string{"node 2 has no name: give it one"}},
		"two names":    {"a", []Node[string]{say("a", ""), say("a", "")}, nil, []string{`two nodes are named "a": rename one`}},
		"no Run":       {"a", []Node[string]{{Name: "a"}}, nil, []string{`node "a" has no Run`}},
		"timeout":      {"a", []Node[string]{{Name: "a", Run: say("a", "").Run, Timeout: -time.Second}}, nil, []string{"the timeout -1s and 0 attempts: give 0 or more"}},
		"attempts":     {"a", []Node[string]{{Name: "a", Run: say("a", "").Run, Retry: Retry{Attempts: -1}}}, nil, []string{"-1 attempts: give 0 or more"}},
		"start":        {"b", []Node[string]{say("a", "")}, nil, []string{`the start is "b", which isn't a node: choose one of a`}},
		"unknown from": {"a", []Node[string]{say("a", "")}, to("b", "a"), []string{`an edge leads from "b" to "a", but the nodes are a`}},
		"unknown to":   {"a", []Node[string]{say("a", "")}, to("a", "c"), []string{`an edge leads from "a" to "c"`}},
		"two edges":    {"a", []Node[string]{say("a", ""), say("b", "")}, append(to("a", "b"), to("a", "b")...), []string{`two edges lead from "a" to "b": make them one`}},
		"itself":       {"a", []Node[string]{say("a", "")}, to("a", "a"), []string{"a → a is a cycle"}},
		"cycle":        {"a", []Node[string]{say("a", ""), say("b", ""), say("c", ""), say("d", "")}, to("a", "b", "c", "d", "b"), []string{"b → c → d → b is a cycle, and a run would never end: remove an edge"}},
		"unreachable":  {"a", []Node[string]{say("a", ""), say("b", ""), say("c", "")}, to("b", "c"), []string{`from the start "a" to the node "b"`, `to the node "c": add one or remove the node`}},
		"to the start": {"b", []Node[string]{say("a", ""), say("b", "")}, to("a", "b"), []string{`from the start "b" to the node "a"`}},
		"all at once":  {"x", []Node[string]{say("a", ""), say("a", "")}, to("a", "y"), []string{"two nodes", `the start is "x"`, `to "y"`}},
	} {
		t.Run(name, func(t *testing.T) {
			g, err := New(c.start, c.nodes, c.edges)
			if err == nil || g != nil {
				t.Fatalf("got %v and %v, want an error", g, err)
			}
			for _, want := range c.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("got %q, want %q in it", err, want)
				}
			}
		})
	}
}

func TestNew_keeps_its_own_copy_of_the_nodes(t *testing.T) {
	nodes := []Node[string]{say("a", "first")}
	g := build(t, nodes)
	nodes[0] = say("a", "second")
	if got, err := g.Run(t.Context(), "", (&recorder{t: t}).send); got != "first" || err != nil {
		t.Errorf("got %q and %v, want what New was given", got, err)
	}
}
