package bucket

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/cloudfurl/cloudfurl/internal/local/wildcard"
)

// denial returns why the caller may not do the action, or nil if it may. A denying
// statement wins. Otherwise the caller needs an allowing one, unless it belongs to
// the bucket's account, whose administrator it is.
//
// See: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
func (b *Bucket) denial(req *http.Request, who caller, action, resource string) *rejection {
	var near []string
	allowed := who.identity != nil && who.identity.Service == "" && who.identity.Account == b.config.Account
	if b.config.Policy != nil {
		facts := who.facts(req)
		for _, s := range b.config.Policy.statements {
			if !s.hasAction(action) {
				continue
			}
			why := s.mismatch(who, resource, facts)
			switch {
			case why == "" && s.deny:
				return denied("the policy of "+b.config.Name+" denies "+who.String()+" "+action+" in "+s.name,
					"change the statement, or send what its conditions require")
			case why == "":
				allowed = true
			case !s.deny:
				near = append(near, s.name+": "+why)
			}
		}
	}
	switch {
	case allowed && who.anonymous() && b.config.BlocksPublic:
		return denied("the request isn't signed, and Block Public Access overrules the policy of "+b.config.Name,
			"give the origin an origin access control, or set BlockPublicPolicy and RestrictPublicBuckets of PublicAccessBlockConfiguration to false")
	case allowed:
		return nil
	case who.anonymous():
		return denied(b.unpermitted(who, action, resource, near), "give the origin an origin access control, and permit cloudfront.amazonaws.com "+action+" in the bucket policy")
	}
	return denied(b.unpermitted(who, action, resource, near), b.cure(who, action, resource))
}

func denied(cause, cure string) *rejection {
	return &rejection{status: http.StatusForbidden, code: codeAccessDenied, cause: cause, cure: cure}
}

// unpermitted says that no statement permits the action. The near ones are about
// the action, but don't match otherwise.
func (b *Bucket) unpermitted(who caller, action, resource string, near []string) string {
	cause := fmt.Sprintf("no statement of the policy of %s permits %s %s on %s", b.config.Name, who, action, resource)
	if b.config.Policy == nil {
		cause = fmt.Sprintf("the bucket %s has no policy that permits %s %s", b.config.Name, who, action)
	}
	if who.anonymous() {
		cause += ", and the request isn't signed"
	}
	if len(near) > 0 {
		cause += " (statements with that action: " + strings.Join(near, "; ") + ")"
	}
	return cause
}

// cure returns the statement that would permit the action.
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

// mismatch returns why the statement doesn't apply to the request, or "" if it
// does.
func (s *statement) mismatch(who caller, resource string, facts map[string]string) string {
	if !s.matchPrincipal(who) {
		return "Principal doesn't match"
	}
	if !slices.ContainsFunc(s.resources, func(pattern string) bool { return pattern == "*" || wildcard.MatchARN(pattern, resource) }) {
		return "Resource is " + strings.Join(s.resources, ", ")
	}
	for _, c := range s.conditions {
		if !c.holds(facts) {
			return "Condition " + c.String() + " doesn't hold"
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
