package graph

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// A Graph is a valid workflow whose nodes return values of type T. It is safe for
// concurrent use: each Run has a state of its own.
type Graph[T any] struct {
	nodes     []Node[T]
	start     int
	incoming  [][]edge[T]
	outgoing  [][]int // the nodes that edges lead to, in order, each once
	ancestors []map[string]bool
}

// An edge leads from the node with an index.
type edge[T any] struct {
	from int
	when func(T) bool
}

// New returns the graph of nodes and edges that begins with the node start. It
// returns an error that joins all problems: names that are missing, doubled or
// unknown, edges that form a cycle, and nodes that the start doesn't lead to.
func New[T any](start string, nodes []Node[T], edges []Edge[T]) (*Graph[T], error) {
	g := &Graph[T]{nodes: slices.Clone(nodes), incoming: make([][]edge[T], len(nodes)), outgoing: make([][]int, len(nodes))}
	if err := errors.Join(g.checkNodes(), g.connect(start, edges)); err != nil {
		return nil, err
	}
	if err := errors.Join(g.checkCycles(), g.checkReachable()); err != nil {
		return nil, err
	}
	g.findAncestors()
	return g, nil
}

// index returns the index of a node, or -1.
func (g *Graph[T]) index(name string) int {
	return slices.IndexFunc(g.nodes, func(n Node[T]) bool { return n.Name == name })
}

func (g *Graph[T]) checkNodes() (problems error) {
	for i, node := range g.nodes {
		switch {
		case node.Name == "":
			problems = errors.Join(problems, fmt.Errorf("graph: node %d has no name: give it one", i+1))
		case g.index(node.Name) != i:
			problems = errors.Join(problems, fmt.Errorf("graph: two nodes are named %q: rename one", node.Name))
		}
		if node.Run == nil {
			problems = errors.Join(problems, fmt.Errorf("graph: node %q has no Run: give it one", node.Name))
		}
		if node.Timeout < 0 || node.Retry.Attempts < 0 {
			problems = errors.Join(problems, fmt.Errorf("graph: node %q has the timeout %v and %d attempts: give 0 or more", node.Name, node.Timeout, node.Retry.Attempts))
		}
	}
	return problems
}

// connect turns the names of edges into indices.
func (g *Graph[T]) connect(start string, edges []Edge[T]) (problems error) {
	if g.start = g.index(start); g.start < 0 {
		problems = fmt.Errorf("graph: the start is %q, which isn't a node: choose one of %s", start, g.names())
	}
	for _, e := range edges {
		from, to := g.index(e.From), g.index(e.To)
		if from < 0 || to < 0 {
			problems = errors.Join(problems, fmt.Errorf("graph: an edge leads from %q to %q, but the nodes are %s", e.From, e.To, g.names()))
			continue
		}
		if slices.ContainsFunc(g.incoming[to], func(other edge[T]) bool { return other.from == from }) {
			problems = errors.Join(problems, fmt.Errorf("graph: two edges lead from %q to %q: make them one", e.From, e.To))
			continue
		}
		g.incoming[to] = append(g.incoming[to], edge[T]{from, e.When})
		g.outgoing[from] = append(g.outgoing[from], to)
	}
	for _, successors := range g.outgoing {
		slices.Sort(successors)
	}
	return problems
}

func (g *Graph[T]) names() string {
	names := make([]string, len(g.nodes))
	for i, node := range g.nodes {
		names[i] = node.Name
	}
	return strings.Join(names, ", ")
}

// checkCycles looks for an edge back to a node on the path that leads to it.
func (g *Graph[T]) checkCycles() error {
	done := make([]bool, len(g.nodes))
	var path []int
	var visit func(int) error
	visit = func(node int) error {
		if i := slices.Index(path, node); i >= 0 {
			return fmt.Errorf("graph: %s is a cycle, and a run would never end: remove an edge", g.path(append(path[i:], node)))
		}
		if done[node] {
			return nil
		}
		path = append(path, node)
		for _, next := range g.outgoing[node] {
			if err := visit(next); err != nil {
				return err
			}
		}
		path = path[:len(path)-1]
		done[node] = true
		return nil
	}
	for node := range g.nodes {
		if err := visit(node); err != nil {
			return err
		}
	}
	return nil
}

func (g *Graph[T]) path(nodes []int) string {
	names := make([]string, len(nodes))
	for i, node := range nodes {
		names[i] = g.nodes[node].Name
	}
	return strings.Join(names, " → ")
}

// checkReachable also finds edges to the start: in a graph without cycles they
// come from nodes that the start doesn't lead to.
func (g *Graph[T]) checkReachable() (problems error) {
	reached := make([]bool, len(g.nodes))
	var visit func(int)
	visit = func(node int) {
		if reached[node] {
			return
		}
		reached[node] = true
		for _, next := range g.outgoing[node] {
			visit(next)
		}
	}
	visit(g.start)
	for i, node := range g.nodes {
		if !reached[i] {
			problems = errors.Join(problems, fmt.Errorf("graph: no edges lead from the start %q to the node %q: add one or remove the node", g.nodes[g.start].Name, node.Name))
		}
	}
	return problems
}

// findAncestors fills ancestors, for each node the names of those that lead to it.
func (g *Graph[T]) findAncestors() {
	g.ancestors = make([]map[string]bool, len(g.nodes))
	var find func(int) map[string]bool
	find = func(node int) map[string]bool {
		if g.ancestors[node] != nil {
			return g.ancestors[node]
		}
		found := map[string]bool{}
		for _, e := range g.incoming[node] {
			found[g.nodes[e.from].Name] = true
			for name := range find(e.from) {
				found[name] = true
			}
		}
		g.ancestors[node] = found
		return found
	}
	for node := range g.nodes {
		find(node)
	}
}
