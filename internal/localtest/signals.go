package localtest

import (
	"os"
	"os/signal"
	"syscall"
)

// HeedSignals makes the processes that start before stop is called heed the signals
// of a terminal. Under nohup or in the background of a script, tests ignore some of
// them, and so would their children.
func HeedSignals() (stop func()) {
	// The system resets the signals that a program handles when another replaces it,
	// but not those that it ignores.
	handled := make(chan os.Signal, 1)
	signal.Notify(handled, syscall.SIGHUP, syscall.SIGINT)
	return func() { signal.Stop(handled) }
}
