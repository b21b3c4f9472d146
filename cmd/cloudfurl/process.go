package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

// exitInterrupted is what shells report for a command that SIGINT ended.
const exitInterrupted = 130

// interruptible returns a context that ends with the first signal to stop: Ctrl-C,
// SIGTERM, or the end of the terminal. A second Ctrl-C or SIGTERM
// calls cleanup with it and exits.
func interruptible(cleanup func(context.Context)) context.Context {
	signals := make(chan os.Signal, 8)
	for _, s := range []os.Signal{os.Interrupt, syscall.SIGTERM, syscall.SIGHUP} {
		// nohup ignores SIGHUP on purpose.
		if !signal.Ignored(s) {
			signal.Notify(signals, s)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	go func() {
		for s := range signals {
			// A terminal that closes may send several of the others.
			if ctx.Err() != nil && (s == os.Interrupt || s == syscall.SIGTERM) {
				cleanup(ctx)
				os.Exit(exitInterrupted)
			}
			cancel()
		}
	}()
	return ctx
}
