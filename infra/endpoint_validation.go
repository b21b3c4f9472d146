package infra

import (
	"regexp"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2/awscertificatemanager"
	"github.com/aws/constructs-go/constructs/v10"

	"github.com/cloudfurl/cloudfurl/infra/internal/construct"
	"github.com/cloudfurl/cloudfurl/internal/contract"
)

// cloudFrontWebACL matches the ARNs of the web ACLs that distributions use.
//
// See: https://docs.aws.amazon.com/waf/latest/developerguide/cloudfront-features.html
var cloudFrontWebACL = regexp.MustCompile(`^arn:[^:]+:wafv2:us-east-1:[0-9]{12}:global/webacl/[\w-]+/[\w-]+$`)

// validate panics with an *Error about the construct id in scope if the props
// contradict each other.
func (p *EndpointProps) validate(scope constructs.Construct, id *string) {
	p.behavior().checkBackend(scope, id)
	p.behavior().checkCaching(scope, id)
	p.checkDistributionOptions(scope, id)
	p.BodyHashing.check(scope, id)
	p.validateStaticFiles(scope, id)
	names := p.DomainNames != nil && len(*p.DomainNames) > 0
	switch {
	case names && p.Certificate == nil && p.HostedZone == nil:
		construct.Fail(scope, id, "Endpoint got DomainNames without HostedZone and without Certificate: give the HostedZone of the names, "+
			"or a certificate for them, from ACM in %s", construct.EdgeRegion)
	case !names && p.RejectDefaultDomain != nil && *p.RejectDefaultDomain:
		construct.Fail(scope, id, "Endpoint got RejectDefaultDomain without DomainNames: it would reject every request, give the names it serves")
	case !names && p.Certificate != nil:
		construct.Fail(scope, id, "Endpoint got Certificate without DomainNames: give the names it is for")
	case !names && p.HostedZone != nil:
		construct.Fail(scope, id, "Endpoint got HostedZone without DomainNames: give the names that get records in it")
	case names:
		checkDomainNames(scope, id, *p.DomainNames)
	}
	if region := p.certificateRegion(); region != "" && region != construct.EdgeRegion {
		construct.Fail(scope, id, "got a Certificate in %s: CloudFront uses certificates from %s only, define it in a stack there", region, construct.EdgeRegion)
	}
	if p.WebAcl != nil && p.WebAclId != nil {
		construct.Fail(scope, id, "got both WebAcl and WebAclId: give one of them")
	}
	if p.ResponseHeadersPolicy != nil && (p.SecurityHeaders != nil || p.Cors != nil) {
		construct.Fail(scope, id, "got ResponseHeadersPolicy and also SecurityHeaders or Cors: set these in the policy")
	}
	checkCors(scope, id, p.Cors)
	if p.Cors != nil && p.BodyHashing == BodyHashing_VIEWER && !allowsHeader(p.Cors, contract.HeaderContentSHA256) {
		construct.Fail(scope, id, "got Cors without %s in AccessControlAllowHeaders: pages of other origins couldn't send the hashes that BodyHashing_VIEWER requires, add it",
			strings.ToLower(contract.HeaderContentSHA256))
	}
	checkKeyGroups(scope, id, p.TrustedKeyGroups)
	if p.WebAclId != nil && construct.IsConcrete(p.WebAclId) && !cloudFrontWebACL.MatchString(*p.WebAclId) {
		construct.Fail(scope, id, "got WebAclId %s: give the ARN of a web ACL with the scope CLOUDFRONT, "+
			"such as arn:aws:wafv2:us-east-1:111122223333:global/webacl/NAME/ID", *p.WebAclId)
	}
}

// certificateRegion returns the region of a certificate that the app defines, or "" if
// it is unknown. The CDK checks the ARNs of others.
func (p *EndpointProps) certificateRegion() string {
	if p.Certificate == nil {
		return ""
	}
	if _, ok := p.Certificate.Node().DefaultChild().(awscertificatemanager.CfnCertificate); ok {
		if region := p.Certificate.Env().Region; construct.IsConcrete(region) {
			return *region
		}
	}
	return ""
}
