package infra

import (
	"regexp"
	"slices"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2/awsroute53"
	"github.com/aws/constructs-go/constructs/v10"
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
			fail(scope, id, "got an empty name in DomainNames: remove it")
		case !isConcrete(name):
		case !domainName.MatchString(*name) || len(*name) > maxDomainName:
			fail(scope, id, "got %q in DomainNames: give a name in lower case without scheme, port or final dot, "+
				`such as "chat.example.com", or "*.example.com"`, *name)
		case slices.ContainsFunc(names[:i], func(other *string) bool { return *other == *name }):
			fail(scope, id, "got %s twice in DomainNames: give each name once", *name)
		}
	}
}

// checkZone panics with an *Error about the construct id in scope if a name isn't
// in the zone, or the zone can't have records for distributions.
func checkZone(scope constructs.Construct, id *string, names []*string, zone awsroute53.IHostedZone) {
	zoneName := nameOfZone(zone)
	if zoneName == "" {
		fail(scope, id, "got a HostedZone without a name: give one from HostedZone_FromHostedZoneAttributes with ZoneName, or from HostedZone_FromLookup")
	}
	// See: https://docs.aws.amazon.com/Route53/latest/APIReference/API_AliasTarget.html
	if defined, ok := zone.Node().DefaultChild().(awsroute53.CfnHostedZone); ok && resolvedProperties(defined)["vpcs"] != nil {
		fail(scope, id, "got the private HostedZone %s: CloudFront needs a public one", zoneName)
	}
	if !isConcrete(&zoneName) {
		return
	}
	zoneName = strings.TrimSuffix(zoneName, ".")
	for _, name := range names {
		if isConcrete(name) && *name != zoneName && !strings.HasSuffix(*name, "."+zoneName) {
			fail(scope, id, "got %s in DomainNames, which isn't in the HostedZone %s: give the zone of the name, "+
				"or a Certificate instead of the HostedZone and define the records yourself", *name, zoneName)
		}
	}
}

// nameOfZone returns the name of a zone, or "" if CDK doesn't know it.
func nameOfZone(zone awsroute53.IHostedZone) (name string) {
	// A zone that was imported by id alone throws.
	defer func() {
		if recover() != nil {
			name = ""
		}
	}()
	return *zone.ZoneName()
}

// checkZoneStack panics with an *Error about the construct unless a certificate
// in the stack beside its own can be validated by the zone.
func checkZoneStack(construct constructs.Construct, zone awsroute53.IHostedZone) {
	if isConcrete(zone.HostedZoneId()) {
		return
	}
	stack := topStackOf(zone)
	if *stack.Node().Addr() == *topStackOf(construct).Node().Addr() {
		fail(construct, nil, "got a HostedZone of the same stack, which is deployed after its certificate in %s: "+
			"define the zone in a stack of its own, or this stack in %s", edgeRegion, edgeRegion)
	}
	if !isConcrete(stack.Region()) {
		fail(construct, nil, "got a HostedZone of the stack %s, which has no region: its certificate in %s reads the zone's id from there, "+
			"give that stack Env.Region", *stack.StackName(), edgeRegion)
	}
}
