package main

import (
	"fmt"
	"os"
	"regexp"
	"strconv"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/cloudfurl/cloudfurl/infra"
)

// The context keys of the app. docs/deploy.md has a table of them, and cdk.json the
// defaults. The first two are required.
const (
	contextArchitecture   = "architecture"
	contextRegion         = "region"
	contextStage          = "stage"
	contextDomainName     = "domainName"
	contextHostedZoneID   = "hostedZoneId"
	contextHostedZoneName = "hostedZoneName"
	contextStaticDir      = "staticDir"
	contextConcurrency    = "reservedConcurrency"
	contextWebACL         = "webAcl"
	contextAlarmEmail     = "alarmEmail"
	contextAccessLogs     = "accessLogs"
	contextAgentModel     = "agentModel"
	contextAgentRegions   = "agentModelRegions"
)

// stageName matches the names of stages, which begin the names of their stacks.
var stageName = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9-]{0,31}$`)

// regionName matches the names of regions.
//
// See: https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html
var regionName = regexp.MustCompile(`^[a-z]{2,}(-[a-z]+)+-[0-9]+$`)

// settings configure a deployment. They come from the context and the
// environment.
type settings struct {
	// Region is the region of the demo's stack.
	Region string

	// Account is the account of the credentials in use, or empty if the CDK CLI
	// found no credentials.
	Account string

	// Architecture is the instruction set of the handlers.
	Architecture awslambda.Architecture

	// Stage is the name of the stage that the stacks are in, such as dev or
	// prod, or empty if they are in the app itself.
	Stage string

	// DomainName is the name that viewers use, in the hosted zone, or empty for
	// the distribution's own.
	DomainName, HostedZoneID, HostedZoneName string

	// StaticDir is a directory that is served as the site, with the handler
	// below /api/*, or empty if the handler serves everything.
	StaticDir string

	// ReservedConcurrency is how many requests the handler serves at once, or
	// nil for no limit but the account's.
	ReservedConcurrency *float64

	// WebACL is the ARN of a web ACL, or "managed" for one with AWS's rule
	// groups, or empty for none.
	WebACL string

	// AlarmEmail is the address that alarms are sent to, or empty for neither
	// alarms nor dashboard.
	AlarmEmail string

	// AccessLogs keeps the distribution's access logs.
	AccessLogs bool

	// AgentModel is the model of the agent at /agent: "embedded", or "bedrock:"
	// and a model or inference profile of Amazon Bedrock. It is empty for no agent.
	AgentModel string

	// AgentModelRegions are the regions to which an inference profile sends
	// requests.
	AgentModelRegions []string
}

// The values of agentModel: a model without an account, and the beginning of those
// of Amazon Bedrock.
const (
	embeddedModel = "embedded"
	bedrockModel  = "bedrock:"
)

// managedWebACL is the value of webAcl for AWS's rule groups.
const managedWebACL = "managed"

// readSettings reads the context of scope. It panics with an *infra.Error if
// a value in the context is missing or invalid.
func readSettings(scope constructs.Construct) settings {
	s := settings{
		Account:        os.Getenv("CDK_DEFAULT_ACCOUNT"),
		Region:         required(scope, contextRegion),
		Stage:          optional(scope, contextStage),
		DomainName:     optional(scope, contextDomainName),
		HostedZoneID:   optional(scope, contextHostedZoneID),
		HostedZoneName: optional(scope, contextHostedZoneName),
		StaticDir:      optional(scope, contextStaticDir),
		WebACL:         optional(scope, contextWebACL),
		AlarmEmail:     optional(scope, contextAlarmEmail),
		AgentModel:     optional(scope, contextAgentModel),
	}
	if regions := optional(scope, contextAgentRegions); regions != "" {
		s.AgentModelRegions = strings.Split(regions, ",")
	}
	if !regionName.MatchString(s.Region) {
		reject(contextRegion, "got %q: use the name of a region, such as ap-northeast-1", s.Region)
	}
	switch architecture := required(scope, contextArchitecture); architecture {
	case "arm64":
		s.Architecture = awslambda.Architecture_ARM_64()
	case "x86_64":
		s.Architecture = awslambda.Architecture_X86_64()
	default:
		reject(contextArchitecture, "got %q: use arm64 or x86_64", architecture)
	}
	if s.Stage != "" && !stageName.MatchString(s.Stage) {
		reject(contextStage, "got %q: use a name such as dev or prod, of at most 32 letters, digits and hyphens", s.Stage)
	}
	switch {
	case s.DomainName != "" && s.HostedZoneID == "":
		reject(contextHostedZoneID, "got no value, but %s %s: set the id of its hosted zone in Route 53", contextDomainName, s.DomainName)
	case s.DomainName == "" && s.HostedZoneID != "":
		reject(contextDomainName, "got no value, but %s %s: set a name in that zone", contextHostedZoneID, s.HostedZoneID)
	}
	if _, parent, ok := strings.Cut(s.DomainName, "."); ok && s.HostedZoneName == "" {
		s.HostedZoneName = parent
	}
	if s.WebACL != "" && s.WebACL != managedWebACL && !strings.HasPrefix(s.WebACL, "arn:") {
		reject(contextWebACL, "got %q: use %s, or the ARN of a web ACL in us-east-1", s.WebACL, managedWebACL)
	}
	if s.AlarmEmail != "" && !strings.Contains(s.AlarmEmail, "@") {
		reject(contextAlarmEmail, "got %q: use an e-mail address", s.AlarmEmail)
	}
	if s.AgentModel != "" && s.AgentModel != embeddedModel && !strings.HasPrefix(s.AgentModel, bedrockModel) {
		reject(contextAgentModel, "got %q: use %s, or %s and the id of a model of Amazon Bedrock", s.AgentModel, embeddedModel, bedrockModel)
	}
	switch logs := optional(scope, contextAccessLogs); logs {
	case "", "false":
	case "true":
		s.AccessLogs = true
	default:
		reject(contextAccessLogs, "got %q: use true or false", logs)
	}
	if text := optional(scope, contextConcurrency); text != "" {
		n, err := strconv.ParseFloat(text, 64)
		if err != nil {
			reject(contextConcurrency, "got %q: use a number of requests", text)
		}
		s.ReservedConcurrency = jsii.Number(n)
	}
	return s
}

// environment returns the environment of a stack in region.
func (s settings) environment(region string) *awscdk.Environment {
	env := &awscdk.Environment{Region: jsii.String(region)}
	if s.Account != "" {
		env.Account = jsii.String(s.Account)
	}
	return env
}

// required returns the value of a context key, or panics if there is none.
func required(scope constructs.Construct, key string) string {
	value := optional(scope, key)
	if value == "" {
		reject(key, "got no value: run the app with the CDK CLI, which reads cdk.json, or set -c %s=VALUE", key)
	}
	return value
}

// optional returns the value of a context key, or "".
func optional(scope constructs.Construct, key string) string {
	switch value := scope.Node().TryGetContext(jsii.String(key)).(type) {
	case nil:
		return ""
	case string:
		return value
	case bool:
		return strconv.FormatBool(value)
	case float64:
		return strconv.FormatFloat(value, 'f', -1, 64)
	default:
		reject(key, "got %v: use a string", value)
		return ""
	}
}

// reject panics with an *infra.Error about a context key.
func reject(key, format string, args ...any) {
	panic(&infra.Error{Path: "context " + key, Reason: fmt.Sprintf(format, args...)})
}
