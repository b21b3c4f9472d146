// Package flow runs workflows whose nodes stream: each node's events are sent while
// it runs, and its result when it is there.
//
// A workflow is a Go function that [Run] calls. It runs nodes by [Flow.Do], one
// after the other, and by [Flow.All], side by side. Branches are ifs, and what a node
// is given are the outputs that came before it:
//
//	flow.Run(ctx, send, func(f *flow.Flow[string]) (string, error) {
//		draft, err := f.Do(flow.Node[string]{Name: "draft", Run: write})
//		if err != nil {
//			return "", err
//		}
//		return f.Do(flow.Node[string]{Name: "revise", Run: improve(draft), Skip: isGood(draft)})
//	})
//
// # Events
//
// Run sends typed events to one function, which it never calls twice at a time. A
// node that sends a token waits until that function has returned: a viewer who reads
// slowly slows the model down, and nothing is buffered.
//
// # Order
//
//   - Ids are 1, 2, 3 and so on. The first event is run_started. The last is
//     run_finished, run_failed or run_canceled, and there is exactly one of them.
//   - Each attempt of a node is node_started, its tokens in their order, and then
//     node_finished, node_retrying, node_failed or node_canceled. After
//     node_retrying its tokens are void; node_canceled follows it if the run ends
//     before the next attempt.
//   - Nodes that run side by side start or are skipped in the order in which they
//     were given, and all of these events come before the first of their tokens.
//     Their tokens and ends come in the order in which they happen, which may differ
//     from run to run.
//   - The first node that fails ends the run and cancels the others. If two fail
//     at once, either may be the first.
//
// # What it leaves out
//
// Runs that survive their process.
package flow
