package oauth

import (
	"cmp"
	"errors"
	"fmt"
	"net/url"
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
