package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/cloudfurl/cloudfurl/internal/fault"
	"github.com/cloudfurl/cloudfurl/internal/local/build"
	"github.com/cloudfurl/cloudfurl/internal/smoke"
)

// errFound says that a command has reported what is wrong. It isn't printed.
var errFound = errors.New("found")

// A checkCommand is "cloudfurl check" with its flags.
type checkCommand struct {
	Target string `arg:"" optional:"" name:"directory|url" help:"What the CDK app was synthesized to (default without --template: cdk.out), or the URL of a distribution."`

	templateFlags
	stackFlags

	Strict      bool          `help:"Exit with 1 for warnings, too."`
	Post        string        `default:"${post}" placeholder:"PATH" help:"With a URL: path of its OPTIONS and two POSTs of 15 bytes (default: ${default})."`
	FunctionURL string        `name:"function-url" placeholder:"URL" help:"With a URL: the function URL itself, which must reject direct requests."`
	Timeout     time.Duration `default:"${timeout}" placeholder:"TIME" help:"With a URL: how long each request may take (default: ${default})."`
	JSON        bool          `help:"Write a JSON object."`
}

// Help says what is read.
func (*checkCommand) Help() string {
	return `Reads a synthesized CDK app, templates, or stacks on AWS, and reports what AWS rejects, or does without a word, on the way from CloudFront to a Lambda function. With a URL, sends at most 7 requests, and says what the responses mean. It changes nothing on AWS, and nothing of the app runs on this machine. The exit code is 1 if there is an error.

Examples:

    cloudfurl check                             the app in cdk.out
    cloudfurl check --template template.yaml    a SAM or CloudFormation file
    cloudfurl check --stack Chat                a stack as it is on AWS
    cloudfurl check https://d1.cloudfront.net/  what a live one responds`
}

// stackName matches the name or ARN of a stack, with or without a region.
var stackName = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9:/_-]*(@[a-z]+-[a-z-]+-[0-9]+)?$`)

// Run reports what AWS rejects of an app, or what a distribution responds.
func (c *checkCommand) Run(ctx context.Context, to streams) error {
	wrong := slices.IndexFunc(c.Stack, func(text string) bool { return !stackName.MatchString(text) })
	switch {
	case wrong >= 0:
		return usage(fault.At("--stack", fault.New("use NAME or NAME@REGION, as in Chat@us-east-1", "%q isn't a stack", c.Stack[wrong])))
	case len(c.Stack) > 0 && (c.Target+c.FunctionURL != "" || len(c.Template)+len(c.Parameter)+len(c.Value)+len(c.ValueEnv)+len(c.ValueFile) > 0):
		return usage(fault.New("leave it out", "--stack can't be combined with what is for templates, a directory or a URL"))
	case len(c.Stack) > 0:
		findings, failed := c.checkStacks(ctx)
		return c.report(to.stdout, "stack "+strings.Join(c.Stack, ", "), findings, failed)
	case c.Region != "":
		return usage(fault.New("add --stack NAME", "--region needs --stack"))
	}
	if strings.Contains(c.Target, "://") {
		if !strings.HasPrefix(c.Post, "/") {
			return usage(fault.At("--post", fault.New("begin it with a slash", "%q isn't a path", c.Post)))
		}
		target, options, err := (&smokeCommand{URL: c.Target, FunctionURL: c.FunctionURL, Timeout: c.Timeout}).read()
		if err != nil {
			return usage(err)
		}
		return c.probe(ctx, target, options, to.stdout)
	}
	source, options, err := c.templateFlags.read()
	if err != nil {
		return usage(err)
	}
	if source.Assembly = c.Target; source.Assembly == "" && len(source.Templates) == 0 {
		source.Assembly = defaultAssembly
	}
	findings, failed := source.Check(options)
	return c.report(to.stdout, source.String(), findings, failed)
}

// probe reports what the responses of a distribution mean.
func (c *checkCommand) probe(ctx context.Context, target *url.URL, options smoke.Options, stdout io.Writer) error {
	options.Cases, options.Timeout, options.Concurrency = smoke.Probe(c.Post), c.Timeout, 1
	report, err := smoke.Run(ctx, target, options)
	if err != nil {
		return err
	}
	if err = printReport(stdout, report, c.JSON); report.Failed > 0 {
		return errFound
	}
	return err
}

// report prints findings, and returns the error of the check or that there are some.
func (c *checkCommand) report(stdout io.Writer, source string, findings []build.Finding, err error) error {
	slices.SortStableFunc(findings, func(a, b build.Finding) int { return strings.Compare(a.Path, b.Path) })
	counts := map[build.Severity]int{}
	for _, f := range findings {
		counts[f.Severity]++
	}
	if c.JSON {
		err = cmp.Or(err, writeJSON(stdout, map[string]any{"findings": append([]build.Finding{}, findings...)}))
	} else if printFindings(stdout, findings); err == nil {
		_, err = fmt.Fprintf(stdout, "%s: errors %d, warnings %d, info %d\n", source, counts[build.Error], counts[build.Warning], counts[build.Info])
	}
	if err == nil && (counts[build.Error] > 0 || c.Strict && counts[build.Warning] > 0) {
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
