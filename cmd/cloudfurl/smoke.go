package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/url"
	"strings"

	"github.com/cloudfurl/cloudfurl/internal/fault"
	"github.com/cloudfurl/cloudfurl/internal/smoke"
)

const smokeUsage = `Usage: cloudfurl smoke [FLAGS] URL

Asks the distribution at URL, live or local, all that must work through it.

Flags:
`

// runSmoke runs the conformance matrix against a distribution.
func runSmoke(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	flags := flag.NewFlagSet("cloudfurl smoke", flag.ContinueOnError)
	asJSON := flags.Bool("json", false, "write one JSON object instead of the table")
	timeout := flags.Duration("timeout", smoke.DefaultTimeout, "how long each case may take")
	functionAddress := flags.String("function-url", "", "`address` of the function URL itself, which must refuse direct requests")
	only := flags.String("only", "", "run the cases whose group/name matches the regular expression `pattern`, whatever their case")
	if err := parseFlags(flags, smokeUsage, args, stdout, stderr); err != nil {
		return err
	}
	target, options, err := smokeOptions(flags.Args(), *functionAddress, *only)
	if err == nil && *timeout <= 0 {
		err = fmt.Errorf("--timeout %v leaves no time: give a duration such as 30s", *timeout)
	}
	if err != nil {
		return usageError(stderr, flags, err)
	}
	options.Timeout = *timeout
	report, err := smoke.Run(ctx, target, options)
	if err != nil {
		return hintSmoke(ctx, err)
	}
	return printReport(stdout, report, *asJSON)
}

// smokeOptions reads the words of the command line.
func smokeOptions(args []string, functionAddress, only string) (target *url.URL, options smoke.Options, err error) {
	switch {
	case len(args) == 0:
		return nil, options, errors.New("cloudfurl smoke takes the URL of a distribution, such as http://127.0.0.1:8080/")
	case len(args) > 1 && strings.HasPrefix(args[1], "-"):
		return nil, options, fmt.Errorf("give %s before the URL", args[1])
	case len(args) > 1:
		return nil, options, fmt.Errorf("cloudfurl smoke takes one URL, and not %q as well", args[1])
	}
	if target, err = smoke.ParseURL(args[0]); err != nil {
		return nil, options, err
	}
	if functionAddress != "" {
		if options.FunctionURL, err = smoke.ParseURL(functionAddress); err != nil {
			return nil, options, fmt.Errorf("--function-url: %w", err)
		}
	}
	if options.Cases, err = smoke.Select(smoke.Matrix(), only); err != nil {
		return nil, options, fmt.Errorf("--only: %w", err)
	}
	return target, options, nil
}

// hintSmoke says what to do when no case could be run.
func hintSmoke(ctx context.Context, err error) error {
	var redirect *smoke.RedirectError
	var unreachable *smoke.UnreachableError
	switch {
	case ctx.Err() != nil:
		return errors.New("interrupted before all cases were done")
	case errors.As(err, &redirect):
		return fault.New("give the https:// URL of the distribution", "%w", err)
	case errors.As(err, &unreachable):
		return fault.New("start the local edge with `make run`, or give the DistributionUrl that `cdk deploy` printed", "%w", err)
	}
	return err
}

// printReport prints the report. The error counts the cases that failed.
func printReport(w io.Writer, report *smoke.Report, asJSON bool) error {
	var err error
	if asJSON {
		encoder := json.NewEncoder(w)
		encoder.SetIndent("", "  ")
		encoder.SetEscapeHTML(false)
		err = encoder.Encode(report)
	} else {
		err = report.WriteTable(w, isTerminal(w))
	}
	switch {
	case err != nil:
		return fmt.Errorf("cannot write the report: %w", err)
	case report.Failed == 1:
		return fault.New("run it alone with --only; --json has every response", "one case failed")
	case report.Failed > 0:
		return fault.New("run some of them alone with --only; --json has every response", "%d cases failed", report.Failed)
	}
	return nil
}
