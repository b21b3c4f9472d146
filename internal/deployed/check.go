package deployed

import (
	"cmp"
	"context"
	"os"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"

	"github.com/cloudfurl/cloudfurl/internal/fault"
	"github.com/cloudfurl/cloudfurl/internal/local/assembly"
	"github.com/cloudfurl/cloudfurl/internal/local/build"
)

// A reader reads stacks.
type reader struct {
	ctx       context.Context
	aws       aws.Config
	stacks    []*assembly.Stack
	resources []*resource
	known     map[string]bool // stacks that were read, by name and region
	published map[string][]published
	edges     []run // that distributions run
	partition string
	findings  []build.Finding
	fatal     error  // what every call would fail by
	temp      string // directory for code
}

// attempts is how often the SDK sends a request that is throttled, in about 15 s.
const attempts = 5

// Check returns what AWS rejects of deployed stacks, each NAME or NAME@REGION. The region
// is by default that of the environment or profile. Stacks whose outputs and exports they
// read, and nested ones, are checked with them. What can't be read becomes a finding. An
// error, a *fault.Error, is about all of it: the machine's credentials, the network, or a
// stack that isn't there.
func Check(ctx context.Context, stacks []string, region string) ([]build.Finding, error) {
	options := []func(*config.LoadOptions) error{config.WithRetryMaxAttempts(attempts)}
	if region != "" {
		options = append(options, config.WithRegion(region))
	}
	loaded, err := config.LoadDefaultConfig(ctx, options...)
	if err != nil {
		return nil, fault.New("correct AWS_PROFILE, or ~/.aws/config", "the settings for AWS can't be read: %w", err)
	}
	temp, err := os.MkdirTemp("", "deployed")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(temp)
	r := &reader{temp: temp, ctx: ctx, aws: loaded, known: map[string]bool{}, published: map[string][]published{}}
	if err := r.readAll(stacks); err != nil {
		return nil, err
	}
	r.overlay()
	if r.fatal != nil {
		return nil, r.fatal
	}
	r.checkVersions()
	found, err := build.Check(&assembly.Assembly{Stacks: r.stacks}, build.Options{})
	return append(r.findings, found...), err
}

// readAll reads the stacks.
func (r *reader) readAll(names []string) error {
	if _, err := r.aws.Credentials.Retrieve(r.ctx); err != nil {
		return fault.New(hintCredentials, "this machine has no AWS credentials that work: %w", err)
	}
	for _, name := range names {
		name, region := cutRegion(name)
		if region = cmp.Or(region, r.aws.Region); region == "" {
			return fault.New("add --region, or set AWS_REGION", "no region is set")
		}
		r.aws.Region = cmp.Or(r.aws.Region, region)
		if err := r.readStack(name, region); err != nil {
			return err
		}
	}
	return nil
}

// found adds a finding.
func (r *reader) found(f build.Finding) {
	rule := build.Rules[f.Rule]
	f.Severity, f.Source = rule.Severity, rule.Source
	r.findings = append(r.findings, f)
}
