package deployed

import (
	"cmp"
	"context"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/smithy-go/logging"

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
	known     map[string]bool   // what was read: stacks, roles, functions and policies
	published map[string]string // the version that a stack has of a function, by ARN
	findings  []build.Finding
	fatal     error // what every call would fail by
}

// attempts is how often the SDK sends a request that is throttled, in about 15 s, or that
// nobody answers within patience.
var attempts, patience = 5, 15 * time.Second

// Check returns what AWS rejects of deployed stacks, each NAME or NAME@REGION. The region
// is by default that of the environment or profile. Stacks whose outputs they read, and
// nested ones, are checked with them. What can't be read becomes a finding. An error, a
// *fault.Error, is about all of it: the machine's credentials, the network, or a stack
// that isn't there. The code of edge functions is left in the directory for temporary files.
func Check(ctx context.Context, stacks []string, region string) ([]build.Finding, error) {
	loaded, err := config.LoadDefaultConfig(ctx, config.WithRetryMaxAttempts(attempts), config.WithHTTPClient(http.NewBuildableClient().WithTimeout(patience)), config.WithLogger(logging.Nop{}), config.WithRegion(region))
	if err != nil {
		return nil, fault.New("correct AWS_PROFILE, or ~/.aws/config", "the settings for AWS can't be read: %w", err)
	}
	if _, err := loaded.Credentials.Retrieve(ctx); err != nil {
		return nil, fault.New(hintCredentials, "this machine has no AWS credentials that work: %w", err)
	}
	r := &reader{ctx: ctx, aws: loaded, known: map[string]bool{}, published: map[string]string{}}
	for _, stack := range stacks {
		name, region, _ := strings.Cut(stack, "@")
		region = cmp.Or(region, loaded.Region)
		if r.aws.Region = cmp.Or(r.aws.Region, region); region == "" {
			return nil, fault.New("add --region, or set AWS_REGION", "no region is set")
		}
		if err := r.readStack(name, region); err != nil {
			return nil, err
		}
	}
	if r.overlay(); r.fatal != nil {
		return nil, r.fatal
	}
	found, err := build.Check(&assembly.Assembly{Stacks: r.stacks}, build.Options{})
	if ctx.Err() != nil {
		err, _ = problem(ctx.Err(), "", "")
	}
	return append(r.findings, found...), err
}

// found adds a finding.
func (r *reader) found(rule, path, property, happens, cause, hint string) {
	r.findings = append(r.findings, build.Finding{Rule: rule, Severity: build.Rules[rule].Severity, Source: build.Rules[rule].Source,
		Path: path, Property: property, Happens: happens, Cause: cause, Hint: hint})
}
