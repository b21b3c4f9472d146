// Package graph runs a workflow of nodes that stream: each node's events are sent
// while it runs, and its result when it is there.
//
// A [Graph] is made of nodes and of edges between them. A run begins with the
// start node. An edge is taken when the node that it leaves has finished and its
// When, if it has one, returns true. A node whose edges are all decided starts if
// at least one of them is taken, and is skipped otherwise; the edges of a skipped
// node aren't taken. So several edges from a node are a branch or nodes side by
// side, and several edges to a node wait for all of them. There are no loops.
//
// # Events
//
// [Graph.Run] sends typed events to one function, which it never calls twice at a
// time. A node that sends a token waits until that function has returned: a viewer
// who reads slowly slows the model down, and nothing is buffered.
//
// # Order
//
//   - Ids are 1, 2, 3 and so on. The first event is run_started. The last is
//     run_finished, run_failed or run_canceled, and there is exactly one of them.
//   - Each attempt of a node is node_started, its tokens in their order, and then
//     node_finished, node_retrying, node_failed or node_canceled. After
//     node_retrying its tokens are void; node_canceled follows it if the run ends
//     before the next attempt.
//   - A node starts after the events of all nodes that lead to it.
//   - Nodes that are decided together start or are skipped in the order of their
//     definition, and all of these events come before the first of their tokens.
//   - Tokens and ends of nodes that run side by side come in the order in which
//     they happen, which may differ from run to run. What a node is given doesn't:
//     it sees the outputs of the nodes before it, and no others.
//   - The first node that fails ends the run and cancels the others. If two fail
//     at once, either may be the first.
//
// # What it leaves out
//
// Loops, nodes that are added during a run, and runs that survive their process.
package graph
