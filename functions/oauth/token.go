package oauth

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4/jwt"
)

// A Token is the claims of a verified access token.
type Token struct {
	jwt.Claims

	// ClientID is the client that asked for the token, or empty.
	ClientID string `json:"client_id"`

	// Scope and Scp are the scopes, see HasScope.
	Scope jwt.Audience `json:"scope"`
	Scp   jwt.Audience `json:"scp"`

	// All are all claims, as encoding/json decodes them.
	All map[string]any `json:"-"`

	// TokenUse is "access" or empty. Cognito's ID tokens have "id".
	TokenUse string `json:"token_use"`

	kind string // the typ of its header
}

// accessToken matches the typ of access tokens. Logout tokens and others have their own.
//
// See: https://www.rfc-editor.org/rfc/rfc9068#section-2.1 and https://www.rfc-editor.org/rfc/rfc8725#section-3.11
var accessToken = regexp.MustCompile(`(?i)^(((application/)?at\+)?jwt)?$`)

// problem returns why a token isn't accepted, or "".
func (t *Token) problem(options *Options) string {
	audience := t.Audience
	if len(audience) == 0 && t.ClientID != "" {
		audience = jwt.Audience{t.ClientID}
	}
	isMeant := func(name string) bool {
		return slices.ContainsFunc(audience, func(own string) bool { return strings.TrimSuffix(own, "/") == strings.TrimSuffix(name, "/") })
	}
	err := t.ValidateWithLeeway(jwt.Expected{Issuer: options.Issuer, Time: time.Now()}, leeway)
	switch {
	case err != nil:
		return err.Error()
	case t.Expiry == nil:
		return "it has no exp"
	case t.TokenUse != "" && t.TokenUse != "access" || !accessToken.MatchString(t.kind):
		return fmt.Sprintf("it is no access token: its typ is %q, its token_use %q", t.kind, t.TokenUse)
	case !slices.ContainsFunc(options.Audiences, isMeant):
		return fmt.Sprintf("it is for %q", audience)
	}
	return ""
}

// HasScope reports whether the token has a scope, in scope, or in scp if it has no
// scope, as Entra's and Okta's. Clients ask Entra for scopes such as api://ID/read,
// and its tokens have read.
func (t *Token) HasScope(scope string) bool {
	granted, short := t.Scope, scope
	if len(granted) == 0 {
		granted, short = t.Scp, scope[strings.LastIndex(scope, "/")+1:]
	}
	names := strings.Fields(strings.Join(granted, " "))
	return slices.Contains(names, scope) || slices.Contains(names, short)
}
