package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"time"

	"github.com/cloudfurl/cloudfurl/internal/fault"
	"github.com/cloudfurl/cloudfurl/internal/smoke"
)

type smokeCommand struct {
	URL         string        `arg:"" name:"url" help:"URL of the distribution."`
	FunctionURL string        `name:"function-url" placeholder:"URL" help:"The function URL itself, which must reject direct requests."`
	Only        string        `placeholder:"PATTERN" help:"Run only the cases whose group/name matches the regular expression, ignoring case."`
	Timeout     time.Duration `default:"${timeout}" placeholder:"TIME" help:"How long each case may take (default: ${default})."`
	JSON        bool          `help:"Write a JSON object instead of the table."`
}

// Help has the examples.
func (*smokeCommand) Help() string {
	return `Runs the conformance matrix, whose cases are requests and what must come back.

Examples:

    cloudfurl smoke http://127.0.0.1:23875/api/       the demo, by make run
    cloudfurl smoke https://d1.cloudfront.net/api/    one that is deployed
    cloudfurl smoke --only post https://d1.cloudfront.net/`
}

// Run runs the conformance matrix against a distribution.
func (c *smokeCommand) Run(ctx context.Context, to streams) error {
	target, options, err := c.read()
	if err != nil {
		return usage(err)
	}
	report, err := smoke.Run(ctx, target, options)
	if err != nil {
		if ctx.Err() != nil {
			return errors.New("interrupted before all cases were run")
		}
		return err
	}
	err = printReport(to.stdout, report, c.JSON)
	if !report.Demo && !c.JSON {
		fmt.Fprintln(to.stdout, "hint:", c.findDemo(ctx, *target))
	}
	return err
}

// findDemo says where the demo is, which most cases need, if it isn't at a URL.
func (c *smokeCommand) findDemo(ctx context.Context, target url.URL) string {
	given := target.String()
	for _, target.Path = range []string{"/", "/api/"} {
		found, err := smoke.Run(ctx, &target, smoke.Options{Cases: []smoke.Case{}, Timeout: c.Timeout})
		if err == nil && found.Demo {
			return "the demo isn't at " + given + ": run cloudfurl smoke " + target.String()
		}
	}
	return "most cases need functions/demo, which isn't at " + given + ": add the path of its behavior to the URL"
}

func (c *smokeCommand) read() (target *url.URL, options smoke.Options, err error) {
	if c.Timeout <= 0 {
		return nil, options, fault.At("--timeout", fault.New("use a positive duration such as 30s", "invalid duration %v", c.Timeout))
	}
	options.Timeout = c.Timeout
	if target, err = smoke.ParseURL(c.URL); err != nil {
		return nil, options, err
	}
	if c.FunctionURL != "" {
		if options.FunctionURL, err = smoke.ParseURL(c.FunctionURL); err != nil {
			return nil, options, fault.At("--function-url", err)
		}
	}
	options.Cases, err = smoke.Select(smoke.Matrix(), c.Only)
	return target, options, fault.At("--only", err)
}

func writeJSON(w io.Writer, value any) error {
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	return encoder.Encode(value)
}

func printReport(w io.Writer, report *smoke.Report, asJSON bool) error {
	var err error
	if asJSON {
		err = writeJSON(w, report)
	} else {
		err = report.WriteTable(w, colored(w))
	}
	switch {
	case err != nil:
		return fmt.Errorf("can't write the report: %w", err)
	case report.Failed > 0:
		return fault.New("run failed cases again with --only; --json has every response", "failed cases: %d", report.Failed)
	}
	return nil
}
