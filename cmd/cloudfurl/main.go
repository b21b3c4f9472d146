// Command cloudfurl works with a streaming function URL behind CloudFront: it
// checks synthesized stacks and serves them on this machine, and tests what is served
// there or deployed.
//
// Its output follows four rules. Results go to standard output, everything
// else to standard error. A failure is one line that begins with
// "error:", followed by one that begins with "hint:" if there is something to do
// about it. The exit code is 0 for success, 1 for failure or findings, 2 for a mistake in the
// command line, and 130 for a second Ctrl-C. Colors are for terminals.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"slices"

	"github.com/cloudfurl/cloudfurl/internal/fault"
)

const usage = `Usage: cloudfurl COMMAND [FLAGS]

Commands:
  init    write a CDK app around a web app, in any language, or a static site
  check   report what AWS rejects of an app, or what the responses of a live one mean
  local   serve the stacks of a cloud assembly on this machine
  smoke   test a distribution, live or local, with every kind of request

"cloudfurl COMMAND -h" lists the flags of a command.
`

func main() {
	temp, err := ownTempDir()
	if err != nil {
		os.Exit(report(os.Stderr, err))
	}
	output := newQueue()
	ctx := interruptible(func(ctx context.Context) {
		output.flush(ctx, hurriedPatience)
		os.RemoveAll(temp)
	})
	code := run(ctx, os.Args[1:], &queued{output, os.Stdout, false}, &queued{output, os.Stderr, true})
	output.flush(ctx, flushPatience)
	os.RemoveAll(temp)
	os.Exit(code)
}

// run runs the command that args name and returns the exit code.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	commands := map[string]func(context.Context, []string, io.Writer, io.Writer) error{
		"check": runCheck,
		"init":  runInit,
		"local": runLocal,
		"smoke": runSmoke,
	}
	if len(args) == 0 {
		fmt.Fprint(stderr, usage)
		return 2
	}
	if slices.Contains([]string{"-h", "-help", "--help", "help"}, args[0]) {
		fmt.Fprint(stdout, usage)
		return 0
	}
	command, ok := commands[args[0]]
	if !ok {
		fmt.Fprintf(stderr, "error: unknown command %q\n\n%s", args[0], usage)
		return 2
	}
	return report(stderr, command(ctx, args[1:], stdout, stderr))
}

// report prints an error and returns the exit code for it.
func report(stderr io.Writer, err error) int {
	switch {
	case err == nil, errors.Is(err, flag.ErrHelp):
		return 0
	case errors.Is(err, errUsage):
		// usageError has printed it.
		return 2
	case errors.Is(err, errFound):
		return 1
	}
	fmt.Fprintln(stderr, "error:", err)
	if hint := fault.HintOf(err); hint != "" {
		fmt.Fprintln(stderr, "hint:", hint)
	}
	return 1
}

// errUsage is a mistake in the command line.
var errUsage = errors.New("usage")
