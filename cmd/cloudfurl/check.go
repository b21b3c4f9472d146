package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/cloudfurl/cloudfurl/internal/fault"
	"github.com/cloudfurl/cloudfurl/internal/local/build"
	"github.com/cloudfurl/cloudfurl/internal/smoke"
)

const checkUsage = `Usage: cloudfurl check [FLAGS] [DIRECTORY]
       cloudfurl check [FLAGS] URL

Reports what AWS rejects, or does without a word, on the way from CloudFront to a Lambda
function: in a synthesized CDK app (default: ` + defaultAssembly + `), in templates, or of a live distribution,
which gets at most 7 requests. Nothing of the app runs on this machine. The exit code is 1
if there is an error.

`

// errFound says that a command has reported what is wrong. It isn't printed.
var errFound = errors.New("found")

// A checkCommand is "cloudfurl check" with its flags.
type checkCommand struct {
	appFlags

	strict            bool
	post, functionURL string
	timeout           time.Duration
}

// bind defines the flags.
func (c *checkCommand) bind(flags *flag.FlagSet) {
	newListFlag(flags, &c.templates, "template", "[STACK[@REGION]=]FILE", "check the stack of a CloudFormation or SAM template; may be repeated\n(default: STACK is the file's name, REGION is $AWS_REGION or us-east-1)")
	c.options.Parameters = newPairsFlag(flags, "parameter", "[STACK.]NAME=VALUE", "give a value to a parameter of a template; STACK.OUTPUT is an output of another stack;\nmay be repeated").pairs
	c.values.bind(flags)
	flags.BoolVar(&c.json, "json", false, "write a JSON object")
	flags.BoolVar(&c.strict, "strict", false, "exit with 1 for warnings, too")
	flags.StringVar(&c.post, "post", smoke.DefaultPost, "with a URL: the `path` of its OPTIONS and two POSTs of 15 bytes")
	flags.StringVar(&c.functionURL, "function-url", "", "with a URL: the function `URL` itself, which must reject direct requests")
	flags.DurationVar(&c.timeout, "timeout", smoke.DefaultTimeout, "with a URL: the `time` that each request may take")
}

// runCheck reports what AWS rejects of an app, or what a distribution responds.
func runCheck(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	flags := flag.NewFlagSet("cloudfurl check", flag.ContinueOnError)
	c := new(checkCommand)
	c.bind(flags)
	if err := parseFlags(flags, checkUsage, args, stdout, stderr); err != nil {
		return err
	}
	err := c.check()
	switch {
	case err != nil:
	case flags.NArg() > 1:
		err = fault.New("name one directory or URL, after the flags", "unexpected argument %q", flags.Arg(1))
	case !strings.HasPrefix(c.post, "/"):
		err = fault.At("--post", fault.New("begin it with a slash", "%q isn't a path", c.post))
	case strings.Contains(flags.Arg(0), "://"):
		var target *url.URL
		var options smoke.Options
		if target, options, err = smokeOptions(flags.Args(), c.functionURL, ""); err == nil {
			return c.probe(ctx, target, options, stdout)
		}
	default:
		if c.source.Assembly = flags.Arg(0); c.source.Assembly == "" && len(c.source.Templates) == 0 {
			c.source.Assembly = defaultAssembly
		}
		findings, failed := c.source.Check(c.options)
		return c.report(stdout, findings, failed)
	}
	return usageError(stderr, flags, err)
}

// probe reports what the responses of a distribution mean.
func (c *checkCommand) probe(ctx context.Context, target *url.URL, options smoke.Options, stdout io.Writer) error {
	options.Cases, options.Timeout, options.Concurrency = smoke.Probe(c.post), c.timeout, 1
	report, err := smoke.Run(ctx, target, options)
	if err != nil {
		return err
	}
	if err = printReport(stdout, report, c.json); report.Failed > 0 {
		return errFound
	}
	return err
}

// report prints findings, and returns the error of the check or that there are some.
func (c *checkCommand) report(stdout io.Writer, findings []build.Finding, err error) error {
	slices.SortStableFunc(findings, func(a, b build.Finding) int { return strings.Compare(a.Path, b.Path) })
	counts := map[build.Severity]int{}
	for _, f := range findings {
		counts[f.Severity]++
	}
	if c.json {
		err = cmp.Or(err, writeJSON(stdout, map[string]any{"findings": append([]build.Finding{}, findings...)}))
	} else if printFindings(stdout, findings); err == nil {
		_, err = fmt.Fprintf(stdout, "%s: errors %d, warnings %d, info %d\n", c.source, counts[build.Error], counts[build.Warning], counts[build.Info])
	}
	if err == nil && (counts[build.Error] > 0 || c.strict && counts[build.Warning] > 0) {
		return errFound
	}
	return err
}

// printFindings prints findings by the resource that they are about.
func printFindings(w io.Writer, findings []build.Finding) {
	for i, f := range findings {
		if i == 0 || f.Path != findings[i-1].Path {
			fmt.Fprintln(w, f.Path)
		}
		fmt.Fprintf(w, "  %s: %s [%s]\n", f.Severity, f.Happens, f.Rule)
		for _, line := range [][2]string{{"at", f.Property}, {"cause", f.Cause}, {"hint", f.Hint}, {"source", f.Source}} {
			if line[1] != "" {
				fmt.Fprintf(w, "    %-8s%s\n", line[0]+":", line[1])
			}
		}
		fmt.Fprintln(w)
	}
}
