package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"github.com/cloudfurl/cloudfurl/internal/local/guard"
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

// ownTempDir makes the process put its temporary files into one new directory,
// and returns that. Removing it leaves nothing behind, even if the process ends
// while it unpacks something. If the process is killed, its guard removes it.
func ownTempDir() (string, error) {
	temp, err := os.MkdirTemp("", "cloudfurl-run-")
	if err != nil {
		return "", err
	}
	guard.While("directory", "temp", temp)
	return temp, os.Setenv(guard.TempVariable, temp)
}
