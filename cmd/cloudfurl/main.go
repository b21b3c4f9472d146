// Command cloudfurl works with a streaming function URL behind CloudFront: it
// checks synthesized stacks and serves them on this machine, and tests what is served
// there or deployed.
//
// Its output follows four rules. Results go to standard output, everything
// else to standard error. A failure is a line that begins with
// "error:", followed by one that begins with "hint:" if there is something to do
// about it. The exit code is 0 for success, 1 for failure or findings, 2 for a mistake in the
// command line, and 130 for a second Ctrl-C. Colors are for terminals.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"github.com/alecthomas/kong"

	"github.com/cloudfurl/cloudfurl/internal/console"
	"github.com/cloudfurl/cloudfurl/internal/fault"
	"github.com/cloudfurl/cloudfurl/internal/local/build"
	"github.com/cloudfurl/cloudfurl/internal/scaffold"
	"github.com/cloudfurl/cloudfurl/internal/smoke"
)

type commands struct {
	Check   checkCommand   `cmd:"" help:"Report what AWS rejects of an app, or what the responses of a live one mean."`
	Init    initCommand    `cmd:"" help:"Write a CDK app around a web app, in any language, or a static site."`
	Local   localCommand   `cmd:"" help:"Serve a CDK app, or templates, on this machine."`
	Smoke   smokeCommand   `cmd:"" help:"Test a distribution, live or local, with every kind of request."`
	Version versionCommand `cmd:"" help:"Print the version of cloudfurl and of what it is built with, for bug reports."`
}

// streams are where a command writes.
type streams struct{ stdout, stderr io.Writer }

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

// helpWidth is where help is wrapped, in columns.
const helpWidth = 80

func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	helped, helpTo := false, stdout
	switch {
	case len(args) == 0:
		args, helpTo = []string{"--help"}, stderr
	case args[0] == "help":
		args = append(args[1:], "--help")
	case args[0] == "--version":
		args[0] = "version"
	}
	parser := kong.Must(new(commands), kong.Name("cloudfurl"),
		kong.Description("Streaming Lambda function URLs behind CloudFront, on this machine and on AWS."),
		kong.Writers(helpTo, stderr), kong.Exit(func(int) { helped = true }),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, WrapUpperBound: helpWidth}), kong.ExplicitGroups(flagGroups),
		kong.BindTo(ctx, (*context.Context)(nil)), kong.Bind(streams{stdout, stderr}),
		kong.Vars{"listen": defaultListen, "inspector": inspectorAddress, "environments": strconv.Itoa(build.DefaultMaxEnvironments), "kinds": strings.Join(scaffold.Kinds(), ", "), "timeout": smoke.DefaultTimeout.String(), "post": smoke.DefaultPost})
	command, err := parser.Parse(args)
	switch {
	case helped && helpTo == stderr:
		return 2
	case helped:
		return 0
	case err == nil:
		err = command.Run()
	default:
		err = usage(err)
	}
	return report(stderr, err)
}

// A usageError is a mistake in the command line.
type usageError struct{ error }

// Unwrap returns the mistake.
func (e usageError) Unwrap() error { return e.error }

// usage returns a mistake in the command line, with a hint.
func usage(err error) error {
	if fault.HintOf(err) == "" {
		err = fault.New("add --help to see commands and flags", "%w", err)
	}
	return usageError{err}
}

// report prints an error and returns the exit code for it.
func report(stderr io.Writer, err error) int {
	switch {
	case err == nil:
		return 0
	case errors.Is(err, errFound):
		return 1
	}
	for _, line := range [][2]string{{"error: ", err.Error()}, {"hint: ", fault.HintOf(err)}} {
		if line[1] == "" {
			continue
		}
		text := strings.Split(line[1], "\n") // a compiler's, say
		if width := widthOf(stderr); width > 0 {
			text = console.Wrap(line[1], width-len(line[0]))
		}
		fmt.Fprintln(stderr, line[0]+strings.Join(text, "\n"+strings.Repeat(" ", len(line[0]))))
	}
	if errors.As(err, new(usageError)) {
		return 2
	}
	return 1
}
