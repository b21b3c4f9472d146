// Command cloudfurl works with a streaming function URL behind CloudFront: it
// serves synthesized stacks on this machine, and tries what is served there or
// deployed.
//
// Its output follows four rules. What was asked for goes to standard output,
// everything else to standard error. A failure is one line that begins with
// "error:", and a line that begins with "hint:" where there is something to do
// about it. The exit code is 0 for success, 1 for failure, and 2 for words that
// the command does not understand. Colours are for terminals.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"syscall"

	"github.com/cloudfurl/cloudfurl/internal/fault"
)

const usage = `Usage: cloudfurl COMMAND [FLAGS]

Commands:
  local   serve the stacks of a cloud assembly on this machine
  smoke   ask a distribution, live or local, all that must work through it

"cloudfurl COMMAND -h" lists the flags of a command.
`

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// run runs the command that args name and returns the exit code.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	commands := map[string]func(context.Context, []string, io.Writer, io.Writer) error{
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
		fmt.Fprintf(stderr, "error: there is no command %q\n\n%s", args[0], usage)
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
		// It is printed already, with what was wrong.
		return 2
	}
	fmt.Fprintln(stderr, "error:", err)
	if cure := fault.CureOf(err); cure != "" {
		fmt.Fprintln(stderr, "hint:", cure)
	}
	return 1
}

// errUsage is a mistake in the words of the command line.
var errUsage = errors.New("usage")
