package sigv4

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

// maxExpires is the longest time that a presigned URL may be valid.
//
// See: https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
const maxExpires = 7 * 24 * time.Hour

// signatureParameter is the parameter of a presigned URL that isn't signed.
const signatureParameter = "X-Amz-Signature"

// parsePresigned reads the query of a presigned URL.
// Inferred: without X-Amz-Expires, which the SDK for Go leaves to its caller, the
// URL is valid as long as a signed header.
//
// See: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-authentication-methods.html
func parsePresigned(query []Parameter) (authorization, error) {
	parameters := make(map[string]string, 7)
	var tokens []string
	for _, p := range query {
		if !strings.HasPrefix(p.Name, "X-Amz-") {
			continue
		}
		if p.Name == "X-Amz-Security-Token" {
			tokens = append(tokens, p.Value)
			continue
		}
		if _, twice := parameters[p.Name]; twice {
			return authorization{}, incomplete("The query has the '%s' parameter twice.", p.Name)
		}
		parameters[p.Name] = p.Value
	}
	var absent strings.Builder
	for _, name := range [...]string{"X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Date", "X-Amz-SignedHeaders", signatureParameter} {
		if parameters[name] == "" {
			absent.WriteString("AWS query-string parameters must include '" + name + "'. ")
		}
	}
	if absent.Len() > 0 {
		return authorization{}, incomplete("%s", absent.String())
	}
	if parameters["X-Amz-Algorithm"] != algorithm {
		return authorization{}, incomplete("Unsupported AWS 'algorithm': '%s'.", parameters["X-Amz-Algorithm"])
	}
	a, err := newAuthorization(parameters["X-Amz-Credential"], parameters["X-Amz-SignedHeaders"], parameters[signatureParameter])
	if err != nil {
		return a, err
	}
	a.presigned, a.tokens, a.validFor = true, tokens, maxClockSkew
	if expires, given := parameters["X-Amz-Expires"]; given {
		seconds, err := strconv.Atoi(expires)
		if err != nil || seconds < 1 || seconds > int(maxExpires/time.Second) {
			return a, incomplete("X-Amz-Expires must be between 1 and %d seconds. Got '%s'.", int(maxExpires/time.Second), expires)
		}
		a.validFor = time.Duration(seconds) * time.Second
	}
	a.at, a.date, err = signingTime(http.Header{"X-Amz-Date": {parameters["X-Amz-Date"]}})
	return a, err
}
