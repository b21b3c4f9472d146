// Package bench measures the whole of cloudfurl from outside: the command that
// serves a synthesized app, the handlers behind it, and the synthesis itself.
//
// Everything is measured in pairs, what is judged and what it is judged by in
// turn, so that a busy machine disturbs both alike; the figures are medians.
// Traffic stays on the loopback interface. docs/benchmarks.md tells what each
// figure means, and what it was.
//
// Package bench leaves out what a package can measure of itself; "make bench"
// runs these benchmarks too.
package bench
