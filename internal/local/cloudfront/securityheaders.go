package cloudfront

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

var errServerTiming = errors.New("ResponseHeadersPolicyConfig.ServerTimingHeadersConfig: the local edge has no cache layers to measure; disable it or leave it out")

// newSecurityHeaders reads a SecurityHeadersConfig.
//
// See: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-cloudfront-responseheaderspolicy-securityheadersconfig.html
func newSecurityHeaders(p *properties) []ResponseHeader {
	var headers []ResponseHeader
	add := func(config, name string, value func(*properties) string) {
		inner := p.object(config, optional)
		if !p.has(config) {
			return
		}
		headers = append(headers, ResponseHeader{
			Name: name, Value: value(inner), Override: inner.boolean("Override", required),
		})
	}
	add("ContentSecurityPolicy", "Content-Security-Policy", func(c *properties) string {
		return c.text("ContentSecurityPolicy", required)
	})
	add("ContentTypeOptions", "X-Content-Type-Options", func(*properties) string { return "nosniff" })
	add("FrameOptions", "X-Frame-Options", func(c *properties) string {
		return c.text("FrameOption", required)
	})
	add("ReferrerPolicy", "Referrer-Policy", func(c *properties) string {
		return c.text("ReferrerPolicy", required)
	})
	add("StrictTransportSecurity", "Strict-Transport-Security", func(c *properties) string {
		value := "max-age=" + strconv.FormatInt(int64(c.number("AccessControlMaxAgeSec", required)), 10)
		if c.boolean("IncludeSubdomains", optional) {
			value += "; includeSubDomains"
		}
		if c.boolean("Preload", optional) {
			value += "; preload"
		}
		return value
	})
	add("XSSProtection", "X-XSS-Protection", func(c *properties) string {
		value := "0"
		if c.boolean("Protection", required) {
			value = "1"
		}
		block, report := c.boolean("ModeBlock", optional), c.text("ReportUri", optional)
		switch {
		case block && report != "":
			c.errs = append(c.errs, fmt.Errorf("%s has both ModeBlock and ReportUri: CloudFront takes one of them", c.path))
		case block:
			value += "; mode=block"
		case report != "":
			value += "; report=" + report
		}
		return value
	})
	return headers
}

// validate refuses what CloudFront refuses to remove.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/understanding-response-headers-policies.html#remove-headers-disallowed
func (p ResponseHeadersPolicy) validate() error {
	for _, name := range p.Remove {
		lower := strings.ToLower(name)
		if disallowedHeader(lower) || unremovable[lower] {
			return fmt.Errorf("response headers policy %s removes %s: CloudFront does not let a policy remove it", label(p.Name, p.ID), name)
		}
	}
	for _, h := range p.Headers {
		if !validToken(h.Name) || !validValue(h.Value) {
			return fmt.Errorf("response headers policy %s adds %q: %q, which is no valid HTTP header", label(p.Name, p.ID), h.Name, h.Value)
		}
	}
	return nil
}

// unremovable are the headers on AWS's list beside the disallowed ones.
var unremovable = set([]string{"content-encoding", "content-length", "host", "transfer-encoding", "via", "warning"})
