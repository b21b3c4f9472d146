package sigv4

import (
	"net/http"
	"strings"
	"time"
)

const algorithm = "AWS4-HMAC-SHA256"

// terminator ends every credential scope.
//
// See: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
const terminator = "aws4_request"

// An authorization is what a request says about its signature in its header.
type authorization struct {
	accessKeyID, day, region, service, terminator string

	signedHeaders []string
	signature     string

	at     time.Time
	date   string // at, as the request has it
	tokens []string
}

// readAuthorization reads the Authorization header.
func readAuthorization(req *http.Request) (authorization, error) {
	headers := req.Header["Authorization"]
	switch {
	case len(headers) > 1:
		return authorization{}, incomplete("The request has %d Authorization headers.", len(headers))
	case len(headers) == 0 && req.URL.Query().Has("X-Amz-Signature"):
		return authorization{}, presigned()
	case len(headers) == 0:
		return authorization{}, missing()
	}
	a, err := parseAuthorization(headers[0])
	if err != nil {
		return a, err
	}
	a.tokens = req.Header["X-Amz-Security-Token"]
	err = a.readTime(req.Header.Get("X-Amz-Date"))
	return a, err
}

// parseAuthorization parses the value of an Authorization header.
func parseAuthorization(value string) (authorization, error) {
	scheme, rest, _ := strings.Cut(strings.TrimSpace(value), " ")
	if scheme != algorithm {
		return authorization{}, missing()
	}
	parameters := make(map[string]string, 3)
	for part := range strings.SplitSeq(rest, ",") {
		name, v, _ := strings.Cut(strings.TrimSpace(part), "=")
		parameters[name] = v
	}
	for _, name := range []string{"Credential", "Signature", "SignedHeaders"} {
		if parameters[name] == "" {
			return authorization{}, incomplete("Authorization header requires '%s' parameter. Authorization=%s", name, algorithm)
		}
	}
	// The key's id may contain slashes, the scope doesn't: read from the end.
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

// readTime reads when the request was signed, from the value of X-Amz-Date.
//
// Left out: a Date header in its place.
func (a *authorization) readTime(date string) (err error) {
	a.date = date
	if date == "" {
		return incomplete("Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. Authorization=%s", algorithm)
	}
	if a.at, err = time.Parse(timeFormat, date); err != nil {
		return incomplete("Date must be in ISO-8601 'basic format'. Got '%s'. See http://en.wikipedia.org/wiki/ISO_8601", date)
	}
	return nil
}

// scope returns the credential scope of the signature.
func (a authorization) scope() string {
	return strings.Join([]string{a.day, a.region, a.service, a.terminator}, "/")
}

// checkScope compares the scope with where and when the request arrived. AWS
// reports all mistakes at once.
//
// Seen: the wording and the joining, in responses of AWS's JSON services.
// See: https://docs.aws.amazon.com/IAM/latest/UserGuide/signature-v4-troubleshooting.html
func (a authorization) checkScope(service, region string) error {
	day := a.at.Format(dayFormat)
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
			a.day + "' != '" + day + "', from '" + a.date + "'. ")
	}
	if wrong.Len() == 0 {
		return nil
	}
	return &Error{
		Code: InvalidSignature, Message: wrong.String(),
		Detail: "the signature is scoped to " + a.scope(),
		Hint:   "sign for " + strings.Join([]string{day, region, service, terminator}, "/"),
	}
}

// checkClock compares the time of the signature with the verifier's clock.
//
// Seen: the wording with the two bounds, in responses of AWS's JSON services.
// See: https://docs.aws.amazon.com/IAM/latest/UserGuide/signature-v4-troubleshooting.html
func (a authorization) checkClock(now time.Time) error {
	now = now.UTC()
	if oldest := now.Add(-maxClockSkew); a.at.Before(oldest) {
		return invalid("Signature expired: %s is now earlier than %s (%s - 5 min.)",
			a.at.Format(timeFormat), oldest.Format(timeFormat), now.Format(timeFormat))
	}
	if newest := now.Add(maxClockSkew); a.at.After(newest) {
		return invalid("Signature not yet current: %s is still later than %s (%s + 5 min.)",
			a.at.Format(timeFormat), newest.Format(timeFormat), now.Format(timeFormat))
	}
	return nil
}

func (a authorization) checkToken(want string) error {
	switch {
	case want == "" && len(a.tokens) == 0:
		return nil
	case want == "":
		return unrecognized("the request has a security token, but its access key is a long-term one", "unset AWS_SESSION_TOKEN")
	case len(a.tokens) == 0:
		return unrecognized("the request has no security token, but its access key is temporary", "send the session token as X-Amz-Security-Token")
	case len(a.tokens) > 1 || a.tokens[0] != want:
		return unrecognized("the security token doesn't belong to the access key", "sign with a key and a token that were issued together")
	}
	return nil
}
