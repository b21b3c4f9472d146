package infra

import (
	"fmt"
	"net/netip"

	"github.com/aws/aws-cdk-go/awscdk/v2/awswafv2"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/cloudfurl/cloudfurl/infra/internal/construct"
)

// The versions of addresses. An IP set has those of one.
//
// See: https://docs.aws.amazon.com/waf/latest/APIReference/API_CreateIPSet.html
const (
	ipv4 = "IPV4"
	ipv6 = "IPV6"
)

// addressRanges are ranges in CIDR notation by their version.
type addressRanges map[string][]*string

// allowedRanges returns AllowedAddresses, or nil if all addresses are allowed. It
// panics with an *Error about the construct id in scope if AWS WAF wouldn't accept
// one.
func (p *WebAclProps) allowedRanges(scope constructs.Construct, id *string) addressRanges {
	if p.AllowedAddresses == nil {
		return nil
	}
	ranges := addressRanges{}
	for _, given := range *p.AllowedAddresses {
		text, version := *given, ipv4
		if address, err := netip.ParseAddr(text); err == nil {
			text = fmt.Sprintf("%s/%d", text, address.BitLen())
		}
		prefix, err := netip.ParsePrefix(text)
		switch {
		case err != nil || prefix.Bits() == 0 || prefix.Addr().Is4In6():
			construct.Fail(scope, id, "got %q in AllowedAddresses: use an address or a range in CIDR notation that is smaller than /0 and known at synthesis, "+
				`such as "192.0.2.44", "192.0.2.0/24" or "2001:db8::/32"`, *given)
		case prefix != prefix.Masked():
			construct.Fail(scope, id, "got %s in AllowedAddresses, an address within its range: use the range %s, or the address %s", text, prefix.Masked(), prefix.Addr())
		case prefix.Addr().Is6():
			version = ipv6
		}
		ranges[version] = append(ranges[version], &text)
	}
	if len(ranges) == 0 {
		construct.Fail(scope, id, "got 0 AllowedAddresses: set some, or leave them out to allow everyone")
	}
	return ranges
}

// outside defines the IP sets in scope, and returns what matches requests from all
// other addresses. A set may be empty; an OrStatement needs two.
//
// See: https://docs.aws.amazon.com/waf/latest/APIReference/API_OrStatement.html
func (r addressRanges) outside(scope constructs.Construct) *awswafv2.CfnWebACL_StatementProperty {
	var inside []any
	for _, set := range []struct{ id, version string }{{"Ipv4Addresses", ipv4}, {"Ipv6Addresses", ipv6}} {
		ranges := append([]*string{}, r[set.version]...)
		defined := awswafv2.NewCfnIPSet(scope, &set.id, &awswafv2.CfnIPSetProps{Addresses: &ranges, IpAddressVersion: &set.version, Scope: jsii.String(webAclScope)})
		inside = append(inside, &awswafv2.CfnWebACL_StatementProperty{IpSetReferenceStatement: map[string]*string{"arn": defined.AttrArn()}})
	}
	return &awswafv2.CfnWebACL_StatementProperty{NotStatement: &awswafv2.CfnWebACL_NotStatementProperty{
		Statement: &awswafv2.CfnWebACL_StatementProperty{OrStatement: &awswafv2.CfnWebACL_OrStatementProperty{Statements: inside}},
	}}
}
