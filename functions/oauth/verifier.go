package oauth

import (
	"cmp"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
)

// leeway is how much the clocks of the issuer and of this machine may differ.
const leeway = 10 * time.Second

// algorithms are those of signatures. Both need a private key of the issuer.
var algorithms = []jose.SignatureAlgorithm{jose.RS256, jose.ES256}

var (
	// ErrInvalid is in the error of a token that isn't valid.
	ErrInvalid = errors.New("invalid access token")

	// ErrScope is in the error of a valid token that lacks a scope.
	ErrScope = errors.New("insufficient scope")

	// ErrExpired is the cause of a context that ended with its token.
	ErrExpired = errors.New("the access token has expired")
)

// Options are which tokens a Verifier accepts. Issuer and Audiences are required.
type Options struct {
	// Issuer is the authorization server, exactly as in the iss of its tokens. It is
	// an https URL.
	Issuer string

	// Audiences are values of aud, of which a token has at least one, or of
	// client_id in tokens without aud. A slash at the end makes no difference.
	Audiences []string

	// Scopes are the scopes that every request needs, in scope or scp.
	//
	// Default: none
	Scopes []string

	// Resource is the URL of the resource whose metadata challenges name.
	//
	// Default: the first of Audiences, if that is a URL
	Resource string

	// KeyInterval is the shortest time between two requests for the keys of the
	// issuer.
	//
	// Default: 10 seconds
	KeyInterval time.Duration

	// EndAtExpiry ends the context of a request when its token expires.
	//
	// Default: false
	EndAtExpiry bool
}

// A Verifier verifies access tokens. It is safe for concurrent use.
type Verifier struct {
	options  Options
	metadata string // the URL of the resource's metadata; empty if it is unknown
	keys     keySet
}

// New returns a Verifier. It fails without an Issuer or Audiences, and asks the
// issuer for nothing yet.
func New(options Options) (*Verifier, error) {
	if options.Issuer == "" || len(options.Audiences) == 0 || slices.Contains(options.Audiences, "") {
		return nil, fmt.Errorf("oauth: got Issuer %q and Audiences %q: set the iss of the tokens, and their aud, or client_id if they have no aud", options.Issuer, options.Audiences)
	}
	v := &Verifier{options: options, keys: keySet{issuer: options.Issuer, interval: cmp.Or(options.KeyInterval, 10*time.Second)}}
	// See: https://www.rfc-editor.org/rfc/rfc9728#section-3.1
	if u, err := url.Parse(cmp.Or(options.Resource, options.Audiences[0])); err == nil && u.Host != "" {
		v.metadata = u.Scheme + "://" + u.Host + "/.well-known/oauth-protected-resource" + strings.TrimSuffix(u.EscapedPath(), "/")
	}
	return v, nil
}

// Verify returns the token of a JWT. The error wraps ErrInvalid or ErrScope, or is
// about the keys of the issuer.
func (v *Verifier) Verify(token string) (*Token, error) {
	parsed, err := jwt.ParseSigned(token, algorithms)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrInvalid, err)
	}
	key, err := v.keys.find(parsed.Headers[0])
	if err != nil {
		return nil, err
	}
	t := new(Token)
	if err := parsed.Claims(key, t, &t.All); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrInvalid, err)
	}
	t.kind, _ = parsed.Headers[0].ExtraHeaders[jose.HeaderType].(string)
	if problem := t.problem(&v.options); problem != "" {
		return nil, fmt.Errorf("%w: %s", ErrInvalid, problem)
	}
	for _, scope := range v.options.Scopes {
		if !t.HasScope(scope) {
			return nil, fmt.Errorf("%w: it has scope %q and scp %q, want %q", ErrScope, t.Scope, t.Scp, scope)
		}
	}
	return t, nil
}

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
