package infra

import (
	"cmp"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2/awscertificatemanager"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudfront"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/cloudfurl/cloudfurl/infra/internal/construct"
	"github.com/cloudfurl/cloudfurl/internal/contract"
)

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
		construct.Fail(scope, id, "Endpoint got DomainNames without HostedZone and without Certificate: set the HostedZone of the names, "+
			"or a certificate for them, from ACM in %s", construct.EdgeRegion)
	case !names && p.RejectDefaultDomain != nil && *p.RejectDefaultDomain:
		construct.Fail(scope, id, "Endpoint got RejectDefaultDomain without DomainNames: it would reject every request, set the names it serves")
	case !names && p.Certificate != nil:
		construct.Fail(scope, id, "Endpoint got Certificate without DomainNames: set the names it is for")
	case names:
		checkDomainNames(scope, id, *p.DomainNames)
	}
	if region := p.certificateRegion(); region != "" && region != construct.EdgeRegion {
		construct.Fail(scope, id, "got a Certificate in %s: CloudFront uses certificates from %s only, define it in a stack there", region, construct.EdgeRegion)
	}
	if p.WebAcl != nil && p.WebAclId != nil {
		construct.Fail(scope, id, "got both WebAcl and WebAclId: set one of them")
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
	p.Authorization.check(scope, id, p.PageCache)
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

// rejectedDistributionOptions are the fields of DistributionProps that an endpoint
// defines by other names, and what to do. Those that have the same name in
// EndpointProps are rejected, too.
var rejectedDistributionOptions = map[string]string{
	"DefaultBehavior":     "the endpoint defines it, remove it",
	"AdditionalBehaviors": "use AddBehavior of the endpoint, or of its Distribution for other origins",
	"DefaultRootObject":   "the handler would get it in place of /, use StaticFiles, which finds the index.html of a path",
}

// checkDistributionOptions panics with an *Error about the construct id in scope if
// the options, which may be nil, contradict the endpoint's properties or hide what
// the handler responds.
func (p *EndpointProps) checkDistributionOptions(scope constructs.Construct, id *string) {
	options := p.DistributionOptions
	if options == nil {
		return
	}
	if p.DomainNames == nil && (options.MinimumProtocolVersion != "" || options.SslSupportMethod != "") {
		construct.Fail(scope, id, "got MinimumProtocolVersion or SslSupportMethod in DistributionOptions without DomainNames: "+
			"CloudFront's own certificate ignores them, set the names, or leave them out")
	}
	given := reflect.ValueOf(options).Elem()
	for _, name := range slices.Sorted(maps.Keys(rejectedDistributionOptions)) {
		if !given.FieldByName(name).IsZero() {
			construct.Fail(scope, id, "got %s in DistributionOptions: %s", name, rejectedDistributionOptions[name])
		}
	}
	for _, field := range reflect.VisibleFields(reflect.TypeFor[EndpointProps]()) {
		if own := given.FieldByName(field.Name); own.IsValid() && !own.IsZero() {
			construct.Fail(scope, id, "got %s in DistributionOptions: set the endpoint's own %[1]s", field.Name)
		}
	}
	if options.ErrorResponses == nil {
		return
	}
	for _, response := range *options.ErrorResponses {
		if response.ResponsePagePath != nil && response.HttpStatus != nil && !isGatewayError(*response.HttpStatus) {
			construct.Fail(scope, id, "got a page for %v in ErrorResponses of DistributionOptions: it would replace what the handler and the edge functions respond with that status, on all paths, "+
				"set pages for 502 and 504 only, let the handler write its own, or serve a single-page app by StaticFiles with SinglePageApp", *response.HttpStatus)
		}
	}
}

// isGatewayError reports whether a status is one that Lambda and CloudFront
// respond with when the handler doesn't: it has failed before its first byte, or
// not begun within ReadTimeout. Handlers have little reason to.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/troubleshooting-response-errors.html
func isGatewayError(status float64) bool {
	return status == 502 || status == 504
}

// distributionProps returns the props of the endpoint's distribution but for its
// behaviors: the options with the endpoint's own properties and defaults.
func (p *EndpointProps) distributionProps() *awscloudfront.DistributionProps {
	distribution := construct.CopyOf(p.DistributionOptions)
	construct.CopyFields(distribution, p)
	distribution.PriceClass = cmp.Or(distribution.PriceClass, awscloudfront.PriceClass_PRICE_CLASS_ALL)
	distribution.HttpVersion = cmp.Or(distribution.HttpVersion, awscloudfront.HttpVersion_HTTP2_AND_3)
	distribution.EnableIpv6 = cmp.Or(distribution.EnableIpv6, jsii.Bool(true))
	if p.Certificate != nil {
		// With CloudFront's own certificate the setting has no effect.
		distribution.MinimumProtocolVersion = cmp.Or(distribution.MinimumProtocolVersion, awscloudfront.SecurityPolicyProtocol_TLS_V1_2_2021)
	}
	return distribution
}
