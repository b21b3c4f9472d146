package bucket

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/cloudfurl/cloudfurl/internal/local/wildcard"
)

// permits returns nil if the caller may do the action, and otherwise what is
// missing: a denying statement wins, then an allowing one is needed, unless the
// caller belongs to the bucket's account and has its own policy.
//
// See: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
func (b *Bucket) permits(req *http.Request, who caller, action, resource string) *refusal {
	var near []string
	allowed := who.identity != nil && who.identity.Service == "" && who.identity.Account == b.config.Account
	if b.config.Policy != nil {
		facts := who.facts(req)
		for _, s := range b.config.Policy.statements {
			if !s.hasAction(action) {
				continue
			}
			why := s.passesOver(who, resource, facts)
			switch {
			case why == "" && s.deny:
				return denied("the "+s.sid+" of the policy of "+b.config.Name+" denies "+who.String()+" "+action,
					"change the statement, or send what it asks for")
			case why == "":
				allowed = true
			case !s.deny:
				near = append(near, s.sid+": "+why)
			}
		}
	}
	switch {
	case allowed && who.anonymous() && b.config.BlocksPublic:
		return denied("the request is not signed, and Block Public Access keeps the policy of "+b.config.Name+" from letting everybody in",
			"give the origin an origin access control, or set BlockPublicPolicy and RestrictPublicBuckets of PublicAccessBlockConfiguration to false")
	case allowed:
		return nil
	case who.anonymous():
		return denied(b.lacks(who, action, resource, near), "give the origin an origin access control, and let cloudfront.amazonaws.com do "+action+" in the bucket policy")
	}
	return denied(b.lacks(who, action, resource, near), b.cure(who, action, resource))
}

func denied(cause, cure string) *refusal {
	return &refusal{status: http.StatusForbidden, code: codeAccessDenied, cause: cause, cure: cure}
}

func (b *Bucket) lacks(who caller, action, resource string, near []string) string {
	if b.config.Policy == nil {
		cause := fmt.Sprintf("the bucket %s has no policy that lets %s do %s", b.config.Name, who, action)
		if who.anonymous() {
			cause += ", and the request is not signed"
		}
		return cause
	}
	cause := fmt.Sprintf("no statement of the policy of %s lets %s do %s on %s", b.config.Name, who, action, resource)
	if who.anonymous() {
		cause += ", and the request is not signed"
	}
	if len(near) > 0 {
		cause += " (of those with that action: " + strings.Join(near, "; ") + ")"
	}
	return cause
}

// cure says which statement would let the caller in.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-s3.html
func (b *Bucket) cure(who caller, action, resource string) string {
	if i := strings.IndexByte(resource, '/'); i >= 0 {
		resource = resource[:i] + "/*"
	}
	statement := "add to the bucket policy: Effect Allow, Action " + action + ", Resource " + resource
	switch {
	case who.oai != nil:
		return statement + ", Principal.CanonicalUser the identity's S3CanonicalUserId"
	case who.identity.Service != "":
		return statement + ", Principal.Service " + who.identity.Service + ", Condition.StringEquals AWS:SourceArn " + who.identity.SourceARN
	}
	return statement + ", Principal.AWS " + who.identity.ARN
}

// passesOver returns why the statement is not about the request; empty if it
// is.
func (s *statement) passesOver(who caller, resource string, facts map[string]string) string {
	if !s.names(who) {
		return "another Principal"
	}
	if !slices.ContainsFunc(s.resources, func(pattern string) bool { return pattern == "*" || wildcard.MatchARN(pattern, resource) }) {
		return "Resource is " + strings.Join(s.resources, ", ")
	}
	for _, c := range s.conditions {
		if !c.holds(facts) {
			return "Condition " + c.String() + " does not hold"
		}
	}
	return ""
}

// facts returns the condition keys of a request. CloudFront signs over HTTPS.
//
// See: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
// Inferred: s3:TlsVersion, which is that of CloudFront's connection to S3.
func (c caller) facts(req *http.Request) map[string]string {
	facts := map[string]string{
		"aws:securetransport":       fmt.Sprint(req.URL.Scheme != "http"),
		"aws:principalisawsservice": "false",
	}
	if req.URL.Scheme != "http" {
		facts["s3:tlsversion"] = "1.3"
	}
	for key, header := range map[string]string{"aws:referer": "Referer", "aws:useragent": "User-Agent"} {
		if value := req.Header.Get(header); value != "" {
			facts[key] = value
		}
	}
	switch {
	case c.oai != nil:
		facts["aws:principalarn"] = c.oai.arn()
	case c.identity == nil:
	case c.identity.Service != "":
		facts["aws:principalisawsservice"] = "true"
		facts["aws:principalservicename"] = c.identity.Service
		facts["aws:sourcearn"] = c.identity.SourceARN
		facts["aws:sourceaccount"] = c.identity.SourceAccount
	default:
		facts["aws:principalarn"] = c.identity.ARN
		facts["aws:principalaccount"] = c.identity.Account
	}
	return facts
}
