package sigv4

import (
	"strings"
)

const algorithm = "AWS4-HMAC-SHA256"

// terminator ends every credential scope.
//
// See: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
const terminator = "aws4_request"

// An authorization is a parsed Authorization header.
type authorization struct {
	accessKeyID, day, region, service, terminator string

	signedHeaders []string
	signature     string
}

// parseAuthorization parses the value of an Authorization header.
func parseAuthorization(value string) (authorization, error) {
	scheme, rest, _ := strings.Cut(strings.TrimSpace(value), " ")
	if scheme != algorithm {
		return authorization{}, missing()
	}
	parameters := make(map[string]string, 3)
	for part := range strings.SplitSeq(rest, ",") {
		part = strings.TrimSpace(part)
		if part == "" {
			continue
		}
		name, v, ok := strings.Cut(part, "=")
		if !ok {
			return authorization{}, incomplete("'%s' not a valid key=value pair (missing equal-sign) in Authorization header: '%s'.", part, value)
		}
		if _, twice := parameters[name]; twice {
			return authorization{}, incomplete("Authorization header has the '%s' parameter twice. Authorization=%s", name, value)
		}
		parameters[name] = v
	}
	var lacks strings.Builder
	for _, name := range [...]string{"Credential", "Signature", "SignedHeaders"} {
		if parameters[name] == "" {
			lacks.WriteString("Authorization header requires '" + name + "' parameter. ")
		}
	}
	if lacks.Len() > 0 {
		return authorization{}, incomplete("%sAuthorization=%s", lacks.String(), algorithm)
	}
	// The key's id may hold slashes, the scope never does: read from the end.
	scope := strings.Split(parameters["Credential"], "/")
	n := len(scope)
	if n < 5 {
		return authorization{}, incomplete("Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got '%s'.", parameters["Credential"])
	}
	return authorization{
		accessKeyID:   strings.Join(scope[:n-4], "/"),
		day:           scope[n-4],
		region:        scope[n-3],
		service:       scope[n-2],
		terminator:    scope[n-1],
		signedHeaders: strings.Split(parameters["SignedHeaders"], ";"),
		signature:     parameters["Signature"],
	}, nil
}

// checkScope compares the scope with where and when the request arrived. AWS
// names all that is wrong at once.
//
// Seen: the wording and the joining, in answers of AWS's JSON services.
// See: https://docs.aws.amazon.com/IAM/latest/UserGuide/signature-v4-troubleshooting.html
func (a authorization) checkScope(service, region, day, date string) error {
	var wrong strings.Builder
	if a.region != region {
		wrong.WriteString("Credential should be scoped to a valid region, not '" + a.region + "'. ")
	}
	if a.service != service {
		wrong.WriteString("Credential should be scoped to correct service: '" + service + "'. ")
	}
	if a.terminator != terminator {
		wrong.WriteString("Credential should be scoped with a valid terminator: '" + terminator + "', not '" + a.terminator + "'. ")
	}
	if a.day != day {
		wrong.WriteString("Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '" +
			a.day + "' != '" + day + "', from '" + date + "'. ")
	}
	if wrong.Len() == 0 {
		return nil
	}
	return &Error{
		Code: InvalidSignature, Message: wrong.String(),
		Detail: "the signature is scoped to " + strings.Join([]string{a.day, a.region, a.service, a.terminator}, "/"),
		Cure:   "sign for " + strings.Join([]string{day, region, service, terminator}, "/"),
	}
}
