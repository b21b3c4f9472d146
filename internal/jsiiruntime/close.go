// Package jsiiruntime ends the Node.js process that the CDK runs in.
package jsiiruntime

import (
	"os"
	"os/exec"
	"strconv"
	"time"

	"github.com/aws/jsii-runtime-go"
)

// patience is how long the process may take to end, which is a second at most if it
// doesn't hang.
var patience = 10 * time.Second

// Close ends the process as jsii.Close does, and reports whether it has ended.
//
// jsii 1.142 waits for it without limit. In one of several hundred runs it was seen
// to hang while it exited, after all was written. Then it is terminated, where there
// is pkill. If that fails too, jsii can't be used or closed any more.
//
// Seen: (*Process).closeLocked in jsii-runtime-go 1.142.0.
func Close() (ended bool) {
	closed := make(chan struct{})
	go func() {
		jsii.Close()
		close(closed)
	}()
	if isClosed(closed) {
		return true
	}
	// By the command line: Node.js 24 changes the name of its process.
	exec.Command("pkill", "-TERM", "-P", strconv.Itoa(os.Getpid()), "-f", "node").Run()
	return isClosed(closed)
}

func isClosed(closed chan struct{}) bool {
	select {
	case <-closed:
		return true
	case <-time.After(patience):
		return false
	}
}
