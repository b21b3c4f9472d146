package infra

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscertificatemanager"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudfront"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsroute53"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/cloudfurl/cloudfurl/infra/internal/construct"
)

// DomainProps are the properties of a Domain. DomainNames and HostedZone are
// required.
type DomainProps struct {
	// DomainNames are the names of a distribution, such as "chat.example.com"
	// or "*.example.com", all in HostedZone.
	DomainNames *[]*string

	// HostedZone is the public zone that gets the records.
	HostedZone awsroute53.IHostedZone

	// Certificate is the certificate for DomainNames, from ACM in us-east-1.
	//
	// Default: a new one, validated by records in HostedZone
	Certificate awscertificatemanager.ICertificate
}

// A Domain defines domain names for a distribution: their certificate in
// us-east-1 and, with AddRecords, their DNS records. If its stack is in another
// region, the certificate gets a stack of its own: it has the name of the
// Domain's stack and "-UsEast1", and must be deployed, too.
type Domain struct {
	construct.Base

	// DomainNames are the names, for the distribution's DomainNames.
	DomainNames *[]*string

	// Certificate is the certificate, for the distribution's Certificate.
	Certificate awscertificatemanager.ICertificate

	zone awsroute53.IHostedZone
}

// NewDomain defines a Domain. It panics with an *Error if a name is invalid or
// not in the zone.
func NewDomain(scope constructs.Construct, id *string, props *DomainProps) *Domain {
	defer construct.Within(scope, id, props)()
	if props == nil || props.HostedZone == nil || props.DomainNames == nil || len(*props.DomainNames) == 0 {
		construct.Fail(scope, id, "a Domain needs DomainNames and HostedZone: set both")
	}
	checkDomainNames(scope, id, *props.DomainNames)
	checkZone(scope, id, *props.DomainNames, props.HostedZone)

	d := &Domain{DomainNames: props.DomainNames, Certificate: props.Certificate, zone: props.HostedZone}
	constructs.NewConstruct_Override(d, scope, id)
	if d.Certificate == nil {
		d.Certificate = d.defineCertificate()
	}
	return d
}

// AddRecords points the names to a distribution: for each an A and an AAAA
// record, and an HTTPS record, by which browsers find HTTP/3. Call it once.
func (d *Domain) AddRecords(distribution awscloudfront.IDistribution) {
	defer construct.Reporting(d, nil)()
	if construct.IsNil(distribution) {
		construct.Fail(d, nil, "AddRecords got no distribution: pass the one that serves the names")
	}
	target := awsroute53.RecordTarget_FromAlias(&distributionTarget{distribution.DistributionDomainName()})
	for i, name := range *d.DomainNames {
		id := name
		if !construct.IsConcrete(name) {
			id = jsii.String(fmt.Sprintf("Name%d", i))
		}
		records := constructs.NewConstruct(d, id)
		for _, recordType := range []awsroute53.RecordType{
			awsroute53.RecordType_A, awsroute53.RecordType_AAAA, awsroute53.RecordType_HTTPS,
		} {
			awsroute53.NewRecordSet(records, jsii.String(string(recordType)), &awsroute53.RecordSetProps{
				Zone:       d.zone,
				RecordType: recordType,
				// CDK takes a name without the final dot for relative if it doesn't
				// know the zone's.
				RecordName: jsii.String(*name + "."),
				Target:     target,
			})
		}
	}
}

// defineCertificate defines the certificate in us-east-1. One that is replaced,
// because its names change, is retained: the distribution still uses it then.
func (d *Domain) defineCertificate() awscertificatemanager.ICertificate {
	if construct.EnvironmentOf(d).Region != construct.EdgeRegion {
		checkZoneStack(d, d.zone)
	}
	place := construct.InUsEast1(d)
	names := *d.DomainNames
	props := &awscertificatemanager.CertificateProps{
		DomainName: names[0],
		Validation: awscertificatemanager.CertificateValidation_FromDns(d.zone),
	}
	if others := names[1:]; len(others) > 0 {
		props.SubjectAlternativeNames = &others
	}
	certificate := awscertificatemanager.NewCertificate(place.Scope, jsii.String("Certificate"), props)
	options := certificate.Node().DefaultChild().(awscdk.CfnResource).CfnOptions()
	options.SetDeletionPolicy(awscdk.CfnDeletionPolicy_DELETE)
	options.SetUpdateReplacePolicy(awscdk.CfnDeletionPolicy_RETAIN)
	if !place.IsBeside() {
		return certificate
	}
	return awscertificatemanager.Certificate_FromCertificateArn(d, jsii.String("Certificate"), place.Arn(certificate.CertificateArn()))
}

// A distributionTarget is a distribution as the target of alias records. Unlike
// CDK's CloudFrontTarget it spares apps the import of awsroute53targets, which
// takes in half of the CDK.
type distributionTarget struct {
	domainName *string
}

// distributionZone is the hosted zone of all distributions.
//
// See: https://docs.aws.amazon.com/Route53/latest/APIReference/API_AliasTarget.html
const distributionZone = "Z2FDTNDATAQYW2"

// Bind returns the target.
func (t *distributionTarget) Bind(awsroute53.IRecordSet, awsroute53.IHostedZone) *awsroute53.AliasRecordTargetConfig {
	return &awsroute53.AliasRecordTargetConfig{
		DnsName:      t.domainName,
		HostedZoneId: jsii.String(distributionZone),
	}
}

// domainName matches an alternate domain name of a distribution: labels of at
// most 63 characters, the first of which may be a wildcard.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/CNAMEs.html
var domainName = regexp.MustCompile(`^(\*\.)?([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$`)

// checkDomainNames panics with an *Error about the construct id in scope unless
// a distribution may have the names.
func checkDomainNames(scope constructs.Construct, id *string, names []*string) {
	for _, name := range names {
		if construct.IsConcrete(name) && !domainName.MatchString(*name) {
			construct.Fail(scope, id, "got %q in DomainNames: use a name in lower case without scheme, port or final dot, "+
				`such as "chat.example.com", or "*.example.com"`, *name)
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
			construct.Fail(scope, id, "got %s in DomainNames, which isn't in the HostedZone %s: use the zone of the name, "+
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
			"set Env.Region of that stack", *stack.StackName(), construct.EdgeRegion)
	}
}
