package infra

import (
	"regexp"
	"slices"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2/awsroute53"
	"github.com/aws/constructs-go/constructs/v10"

	"github.com/cloudfurl/cloudfurl/infra/internal/construct"
)

// domainName matches an alternate domain name of a distribution: labels of at
// most 63 characters, the first of which may be a wildcard.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/CNAMEs.html
var domainName = regexp.MustCompile(`^(\*\.)?([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$`)

// maxDomainName is the longest domain name, in characters.
const maxDomainName = 253

// checkDomainNames panics with an *Error about the construct id in scope unless
// a distribution may have the names.
func checkDomainNames(scope constructs.Construct, id *string, names []*string) {
	for i, name := range names {
		switch {
		case *name == "":
			construct.Fail(scope, id, "got an empty name in DomainNames: remove it")
		case !construct.IsConcrete(name):
		case !domainName.MatchString(*name) || len(*name) > maxDomainName:
			construct.Fail(scope, id, "got %q in DomainNames: give a name in lower case without scheme, port or final dot, "+
				`such as "chat.example.com", or "*.example.com"`, *name)
		case slices.ContainsFunc(names[:i], func(other *string) bool { return *other == *name }):
			construct.Fail(scope, id, "got %s twice in DomainNames: give each name once", *name)
		}
	}
}

// checkZone panics with an *Error about the construct id in scope if a name isn't
// in the zone, or the zone can't have records for distributions.
func checkZone(scope constructs.Construct, id *string, names []*string, zone awsroute53.IHostedZone) {
	zoneName := *zone.ZoneName()
	// See: https://docs.aws.amazon.com/Route53/latest/APIReference/API_AliasTarget.html
	if defined, ok := zone.Node().DefaultChild().(awsroute53.CfnHostedZone); ok && construct.ResolvedProperties(defined)["vpcs"] != nil {
		construct.Fail(scope, id, "got the private HostedZone %s: CloudFront needs a public one", zoneName)
	}
	if !construct.IsConcrete(&zoneName) {
		return
	}
	zoneName = strings.TrimSuffix(zoneName, ".")
	for _, name := range names {
		if construct.IsConcrete(name) && *name != zoneName && !strings.HasSuffix(*name, "."+zoneName) {
			construct.Fail(scope, id, "got %s in DomainNames, which isn't in the HostedZone %s: give the zone of the name, "+
				"or a Certificate instead of the HostedZone and define the records yourself", *name, zoneName)
		}
	}
}

// checkZoneStack panics with an *Error about scope unless a certificate
// in the stack beside its own can be validated by the zone.
func checkZoneStack(scope constructs.Construct, zone awsroute53.IHostedZone) {
	if construct.IsConcrete(zone.HostedZoneId()) {
		return
	}
	stack := construct.TopStackOf(zone)
	if *stack.Node().Addr() == *construct.TopStackOf(scope).Node().Addr() {
		construct.Fail(scope, nil, "got a HostedZone of the same stack, which is deployed after its certificate in %s: "+
			"define the zone in a stack of its own, or this stack in %s", construct.EdgeRegion, construct.EdgeRegion)
	}
	if !construct.IsConcrete(stack.Region()) {
		construct.Fail(scope, nil, "got a HostedZone of the stack %s, which has no region: its certificate in %s reads the zone's id from there, "+
			"give that stack Env.Region", *stack.StackName(), construct.EdgeRegion)
	}
}
