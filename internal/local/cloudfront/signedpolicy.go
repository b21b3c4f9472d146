package cloudfront

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"time"

	"github.com/cloudfurl/cloudfurl/internal/local/wildcard"
)

// maxEpochTime is the last second that a policy can name, in 2038.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-creating-signed-url-canned-policy.html
// Seen: MalformedPolicy for milliseconds (aws/aws-sdk-js#2236).
const maxEpochTime = 1<<31 - 1

// A signedPolicy is the statement of a custom policy.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-creating-signed-url-custom-policy.html#private-content-custom-policy-statement
type signedPolicy struct {
	// Resource is a pattern of URLs.
	// Default: all that the key's distributions serve.
	Resource  string
	Condition struct {
		DateLessThan, DateGreaterThan struct {
			Seconds int64 `json:"AWS:EpochTime"`
		}
		IpAddress *struct {
			Range string `json:"AWS:SourceIp"`
		}
	}
}

// parsePolicy returns the statement of a custom policy.
//
// Inferred: a condition that CloudFront doesn't define makes a policy malformed.
func parsePolicy(text []byte) (signedPolicy, error) {
	var document struct{ Statement []signedPolicy }
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&document); err != nil {
		return signedPolicy{}, err
	}
	if len(document.Statement) != 1 {
		return signedPolicy{}, fmt.Errorf("it has %d statements, and one is allowed", len(document.Statement))
	}
	policy := document.Statement[0]
	if end := policy.Condition.DateLessThan.Seconds; end <= 0 || end > maxEpochTime {
		return policy, fmt.Errorf("its DateLessThan is %d, and has to be in seconds since 1970, until 2038", end)
	}
	return policy, nil
}

// cannedPolicy returns the policy that the signer of a URL or of cookies leaves
// out, because its parts are known.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-creating-signed-url-canned-policy.html#private-content-canned-policy-creating-policy-statement
func cannedPolicy(url string, expires int) string {
	return fmt.Sprintf(`{"Statement":[{"Resource":"%s","Condition":{"DateLessThan":{"AWS:EpochTime":%d}}}]}`, url, expires)
}

// denial says which condition a request doesn't meet, with the hint; empty for none.
// urls are the names that its URL has here, the likeliest first.
func (p signedPolicy) denial(urls []string, ip string, now time.Time) (cause, hint string) {
	c := p.Condition
	until, from := time.Unix(c.DateLessThan.Seconds, 0).UTC(), time.Unix(c.DateGreaterThan.Seconds, 0).UTC()
	matches := func(url string) bool { return wildcard.Match(p.Resource, url) }
	switch {
	case !now.Before(until):
		return "the signature expired at " + until.Format(time.RFC3339), "sign again, with a later DateLessThan"
	case !now.After(from):
		return "the signature isn't valid before " + from.Format(time.RFC3339), "wait, or sign with an earlier DateGreaterThan"
	case c.IpAddress != nil && !contains(c.IpAddress.Range, ip):
		return "the policy's IpAddress is " + c.IpAddress.Range + ", and the viewer's address is " + ip,
			"sign for the address in X-Forwarded-For, with /32; IPv6 isn't supported"
	case p.Resource != "" && !slices.ContainsFunc(urls, matches):
		return fmt.Sprintf("the policy's resource %q doesn't match %s", p.Resource, urls[0]), signedURLHint
	}
	return "", ""
}

// contains reports whether a range of IPv4 addresses has the address.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-setting-signed-cookie-custom-policy.html
// Inferred: an address without a length stands for itself.
func contains(cidr, ip string) bool {
	if !strings.Contains(cidr, "/") {
		cidr += "/32"
	}
	address, _ := netip.ParseAddr(ip) // the zero Addr is in no range
	prefix, err := netip.ParsePrefix(cidr)
	return err == nil && prefix.Addr().Is4() && prefix.Contains(address.Unmap())
}
