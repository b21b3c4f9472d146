package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"golang.org/x/sys/unix"
)

// exitInterrupted is what shells report for a command that SIGINT ended.
const exitInterrupted = 130

// interruptible returns a context that ends with the first signal to stop: Ctrl-C,
// SIGTERM, the end of the terminal, or a closed output. A second Ctrl-C or SIGTERM
// calls cleanup with it and exits.
func interruptible(cleanup func(context.Context)) context.Context {
	signals := make(chan os.Signal, 8)
	for _, s := range []os.Signal{os.Interrupt, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGPIPE} {
		// nohup ignores SIGHUP on purpose.
		if !signal.Ignored(s) {
			signal.Notify(signals, s)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	go func() {
		for s := range signals {
			if s == syscall.SIGPIPE && !outputClosed() {
				continue // a viewer has left
			}
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

// outputClosed reports whether nobody reads standard output or standard error any
// more. SIGPIPE doesn't tell: once a process asks for it, a write to the connection
// of a viewer who has left raises it, too.
//
// See: https://pkg.go.dev/os/signal#hdr-SIGPIPE
func outputClosed() bool {
	for _, file := range []*os.File{os.Stdout, os.Stderr} {
		state := []unix.PollFd{{Fd: int32(file.Fd())}}
		if n, err := unix.Poll(state, 0); n > 0 && err == nil && state[0].Revents&(unix.POLLERR|unix.POLLHUP) != 0 {
			return true
		}
	}
	return false
}
