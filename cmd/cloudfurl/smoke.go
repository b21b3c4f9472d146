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

Runs the conformance matrix against the distribution at URL, live or local.

Flags:
`

// runSmoke runs the conformance matrix against a distribution.
func runSmoke(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	flags := flag.NewFlagSet("cloudfurl smoke", flag.ContinueOnError)
	asJSON := flags.Bool("json", false, "write a JSON object instead of the table")
	timeout := flags.Duration("timeout", smoke.DefaultTimeout, "the `time` that each case may take")
	functionAddress := flags.String("function-url", "", "the function `URL` itself, which must reject direct requests")
	only := flags.String("only", "", "run only the cases whose group/name matches the regular expression `pattern`, ignoring case")
	if err := parseFlags(flags, smokeUsage, args, stdout, stderr); err != nil {
		return err
	}
	target, options, err := smokeOptions(flags.Args(), *functionAddress, *only)
	if err == nil && *timeout <= 0 {
		err = fault.At("--timeout", fault.New("use a positive duration such as 30s", "invalid duration %v", *timeout))
	}
	if err != nil {
		return usageError(stderr, flags, err)
	}
	options.Timeout = *timeout
	report, err := smoke.Run(ctx, target, options)
	if err != nil {
		if ctx.Err() != nil {
			return errors.New("interrupted before all cases were run")
		}
		return err
	}
	return printReport(stdout, report, *asJSON)
}

// smokeOptions parses the arguments and flags.
func smokeOptions(args []string, functionAddress, only string) (target *url.URL, options smoke.Options, err error) {
	switch {
	case len(args) == 0:
		return nil, options, fault.New("pass the URL of a distribution, such as http://"+defaultListen+"/", "the URL is missing")
	case len(args) > 1 && strings.HasPrefix(args[1], "-"):
		return nil, options, fault.New(fmt.Sprintf("put %s before the URL", args[1]), "flag after the URL: %s", args[1])
	case len(args) > 1:
		return nil, options, fault.New("pass one URL", "unexpected argument %q", args[1])
	}
	if target, err = smoke.ParseURL(args[0]); err != nil {
		return nil, options, err
	}
	if functionAddress != "" {
		if options.FunctionURL, err = smoke.ParseURL(functionAddress); err != nil {
			return nil, options, fault.At("--function-url", err)
		}
	}
	if options.Cases, err = smoke.Select(smoke.Matrix(), only); err != nil {
		return nil, options, fault.At("--only", err)
	}
	return target, options, nil
}

// writeJSON writes a value for people and programs.
func writeJSON(w io.Writer, value any) error {
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	return encoder.Encode(value)
}

// printReport prints the report and returns an error if cases failed.
func printReport(w io.Writer, report *smoke.Report, asJSON bool) error {
	var err error
	if asJSON {
		err = writeJSON(w, report)
	} else {
		err = report.WriteTable(w, isTerminal(w))
	}
	switch {
	case err != nil:
		return fmt.Errorf("can't write the report: %w", err)
	case report.Failed > 0:
		return fault.New("run failed cases again with --only; --json has every response", "failed cases: %d", report.Failed)
	}
	return nil
}
