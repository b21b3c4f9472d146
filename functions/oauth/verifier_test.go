package oauth_test

import (
	"bytes"
	"context"
	"crypto/elliptic"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"github.com/cloudfurl/cloudfurl/functions/oauth"
)

const audience = "https://api.example.com/mcp"

func newVerifier(t *testing.T, options oauth.Options) *oauth.Verifier {
	t.Helper()
	v, err := oauth.New(options)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// call sends a request with a token to a handler that says whose it is.
func call(v *oauth.Verifier, authorization string) *httptest.ResponseRecorder {
	handler := v.Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Write([]byte("hello " + oauth.FromContext(r.Context()).Subject))
	}))
	r := httptest.NewRequest("POST", "https://api.example.com/mcp", nil)
	if authorization != "" {
		r.Header.Set("Authorization", authorization)
	}
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, r)
	return w
}

func TestHandler_serves_valid_tokens_only(t *testing.T) {
	slog.SetDefault(slog.New(slog.DiscardHandler))
	rs, es, stranger := rsaKey(t, "rs"), ecKey(t, "es", elliptic.P256()), rsaKey(t, "rs")
	encryption := rsaKey(t, "enc")
	encryption.Use = "enc"
	p384, rs512 := ecKey(t, "p384", elliptic.P384()), rsaKey(t, "rs512")
	rs512.Algorithm = "RS512"
	i := newIssuer(t, rs, es, encryption, p384, rs512)
	// A key of a type that nobody here knows, and a secret that must not be used.
	i.extra = `{"kty":"OKP","crv":"Ed448","kid":"new","x":"AA"},{"kty":"oct","kid":"secret","k":"c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0"}`
	with := func(changes map[string]any) string { return sign(t, jose.RS256, rs, "at+jwt", good(i, changes)) }
	secret := jose.JSONWebKey{Key: []byte("secretsecretsecretsecretsecretsecret"), KeyID: "secret"}
	none := base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"none","typ":"at+jwt","kid":"rs"}`)) + "." + strings.Split(with(nil), ".")[1] + "."
	tampered := strings.Split(with(nil), ".")
	payload, _ := json.Marshal(good(i, map[string]any{"sub": "eve"}))
	tampered[1] = base64.RawURLEncoding.EncodeToString(payload)
	der, _ := x509.MarshalPKIXPublicKey(rs.Public().Key)
	public := jose.JSONWebKey{Key: pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}), KeyID: "rs"}

	for name, test := range map[string]struct {
		token  string
		status int
		scopes []string
	}{
		"RS256":                                {with(nil), 200, nil},
		"ES256":                                {sign(t, jose.ES256, es, "JWT", good(i, nil)), 200, nil},
		"no typ":                               {sign(t, jose.ES256, es, "", good(i, nil)), 200, nil},
		"the typ of RFC 9068 in full":          {sign(t, jose.ES256, es, "application/at+jwt", good(i, nil)), 200, nil},
		"a logout token":                       {sign(t, jose.ES256, es, "logout+jwt", good(i, nil)), 401, nil},
		"a proof of possession":                {sign(t, jose.ES256, es, "dpop+jwt", good(i, nil)), 401, nil},
		"alg none":                             {none, 401, nil},
		"HS256 with the public key":            {sign(t, jose.HS256, public, "at+jwt", good(i, nil)), 401, nil},
		"HS256 with a secret of the issuer":    {sign(t, jose.HS256, secret, "at+jwt", good(i, nil)), 401, nil},
		"RS512":                                {sign(t, jose.RS512, rs, "at+jwt", good(i, nil)), 401, nil},
		"ES384":                                {sign(t, jose.ES384, p384, "at+jwt", good(i, nil)), 401, nil},
		"RS256 with the kid of another type":   {sign(t, jose.RS256, jose.JSONWebKey{Key: rs.Key, KeyID: "es"}, "at+jwt", good(i, nil)), 401, nil},
		"RS256 with a key for RS512":           {sign(t, jose.RS256, jose.JSONWebKey{Key: rs512.Key, KeyID: "rs512"}, "at+jwt", good(i, nil)), 401, nil},
		"a key for encryption":                 {sign(t, jose.RS256, encryption, "at+jwt", good(i, nil)), 401, nil},
		"a key of a stranger":                  {sign(t, jose.RS256, stranger, "at+jwt", good(i, nil)), 401, nil},
		"no kid":                               {sign(t, jose.RS256, jose.JSONWebKey{Key: rs.Key}, "at+jwt", good(i, nil)), 401, nil},
		"changed claims":                       {strings.Join(tampered, "."), 401, nil},
		"an opaque token":                      {"opaque", 401, nil},
		"expired":                              {with(map[string]any{"exp": time.Now().Add(-2 * time.Minute).Unix()}), 401, nil},
		"expired by another clock":             {with(map[string]any{"exp": time.Now().Add(-5 * time.Second).Unix()}), 200, nil},
		"no expiry":                            {with(map[string]any{"exp": nil}), 401, nil},
		"not valid yet":                        {with(map[string]any{"nbf": time.Now().Add(2 * time.Minute).Unix()}), 401, nil},
		"another issuer":                       {with(map[string]any{"iss": "https://issuer.example"}), 401, nil},
		"another resource":                     {with(map[string]any{"aud": "https://api.example.com/other"}), 401, nil},
		"several resources":                    {with(map[string]any{"aud": []string{"a", audience}}), 200, nil},
		"a resource with a slash":              {with(map[string]any{"aud": audience + "/"}), 200, nil},
		"no resource":                          {with(map[string]any{"aud": nil}), 401, nil},
		"a client in place of a resource":      {with(map[string]any{"aud": nil, "client_id": "cognito", "token_use": "access"}), 200, nil},
		"a client besides another resource":    {with(map[string]any{"aud": "https://other.example", "client_id": "cognito"}), 401, nil},
		"an ID token of Cognito":               {with(map[string]any{"aud": "cognito", "token_use": "id"}), 401, nil},
		"neither":                              {with(map[string]any{"aud": nil, "client_id": nil}), 401, nil},
		"all scopes":                           {with(nil), 200, []string{"read", "write"}},
		"a missing scope":                      {with(nil), 403, []string{"read", "admin"}},
		"a part of a scope":                    {with(nil), 403, []string{"rea"}},
		"no scopes":                            {with(map[string]any{"scope": nil}), 403, []string{"read"}},
		"scopes in a list":                     {with(map[string]any{"scope": []string{"read", "x"}}), 200, []string{"read"}},
		"scopes of Okta":                       {with(map[string]any{"scope": nil, "scp": []string{"x", "read"}}), 200, []string{"read"}},
		"scopes of Entra":                      {with(map[string]any{"scope": nil, "scp": "x read"}), 200, []string{"api://id/read"}},
		"a short scope of others":              {with(nil), 403, []string{"api://id/read"}},
		"an expired token that lacks a scope":  {with(map[string]any{"exp": 1}), 401, []string{"admin"}},
		"claims that aren't what they must be": {with(map[string]any{"aud": 7}), 401, nil},
	} {
		t.Run(name, func(t *testing.T) {
			v := newVerifier(t, oauth.Options{Issuer: i.name, Audiences: []string{audience, "cognito"}, Scopes: test.scopes})
			w := call(v, "Bearer "+test.token)
			challenge := w.Header().Get("WWW-Authenticate")
			if w.Code != test.status {
				t.Fatalf("got %d %s, want %d", w.Code, w.Body, test.status)
			}
			code := map[int]string{200: "", 401: `error="invalid_token"`, 403: `error="insufficient_scope"`}[test.status]
			if !strings.Contains(challenge, code) || (test.status == 200) != (challenge == "") {
				t.Errorf("got challenge %q, want %q in it", challenge, code)
			}
			if test.status == 200 && w.Body.String() != "hello ada" {
				t.Errorf("got %s, want the subject in the handler", w.Body)
			}
		})
	}
}

func TestHandler_challenges_requests_without_a_token(t *testing.T) {
	for name, test := range map[string]struct {
		options oauth.Options
		want    string
	}{
		"by its audience":     {oauth.Options{Audiences: []string{audience}, Scopes: []string{"read", "write"}}, `Bearer resource_metadata="https://api.example.com/.well-known/oauth-protected-resource/mcp", scope="read write"`},
		"by its resource":     {oauth.Options{Audiences: []string{"client"}, Resource: "https://a.example/"}, `Bearer resource_metadata="https://a.example/.well-known/oauth-protected-resource"`},
		"without any of them": {oauth.Options{Audiences: []string{"client"}}, "Bearer"},
	} {
		test.options.Issuer = "https://issuer.example"
		v := newVerifier(t, test.options)
		for _, authorization := range []string{"", "Bearer", "Bearer ", "Basic YTpi", "Bearer a b", "xBearer a"} {
			if w := call(v, authorization); w.Code != 401 || w.Header().Get("WWW-Authenticate") != test.want {
				t.Errorf("%s, %q: got %d %v, want %s", name, authorization, w.Code, w.Header(), test.want)
			}
		}
	}
}

func TestVerifier_follows_a_rotation(t *testing.T) {
	first, second := rsaKey(t, "1"), ecKey(t, "2", elliptic.P256())
	i := newIssuer(t, first)
	v := newVerifier(t, oauth.Options{Issuer: i.name, Audiences: []string{audience}, KeyInterval: 50 * time.Millisecond})
	expect := func(step string, key jose.JSONWebKey, algorithm jose.SignatureAlgorithm, status int) {
		t.Helper()
		if w := call(v, "Bearer "+sign(t, algorithm, key, "at+jwt", good(i, nil))); w.Code != status {
			t.Fatalf("%s: got %d, want %d", step, w.Code, status)
		}
	}
	expect("at first", first, jose.RS256, 200)
	i.keys.Store(&[]jose.JSONWebKey{second})
	expect("a new key at once", second, jose.ES256, 401)
	time.Sleep(60 * time.Millisecond)
	expect("a new key later", second, jose.ES256, 200)
	expect("a withdrawn key", first, jose.RS256, 401)
	if got := i.fetches.Load(); got != 2 {
		t.Errorf("got %d requests for keys, want 2", got)
	}
}

func TestVerifier_keeps_its_keys_where_the_issuer_sends_none(t *testing.T) {
	key := rsaKey(t, "1")
	i := newIssuer(t, key)
	v := newVerifier(t, oauth.Options{Issuer: i.name, Audiences: []string{audience}, KeyInterval: time.Millisecond})
	known := "Bearer " + sign(t, jose.RS256, key, "at+jwt", good(i, nil))
	call(v, known)
	i.keys.Store(&[]jose.JSONWebKey{})
	time.Sleep(5 * time.Millisecond)
	call(v, "Bearer "+sign(t, jose.RS256, jose.JSONWebKey{Key: key.Key, KeyID: "guessed"}, "at+jwt", good(i, nil)))
	if w := call(v, known); w.Code != 200 || i.fetches.Load() != 2 {
		t.Errorf("got %d after %d requests for keys, want 200 after 2", w.Code, i.fetches.Load())
	}
}

func TestVerifier_asks_for_keys_at_most_once_an_interval(t *testing.T) {
	key := rsaKey(t, "1")
	i := newIssuer(t, key)
	v := newVerifier(t, oauth.Options{Issuer: i.name, Audiences: []string{audience}})
	guessed := sign(t, jose.RS256, jose.JSONWebKey{Key: key.Key, KeyID: "guessed"}, "at+jwt", good(i, nil))
	for range 20 {
		call(v, "Bearer "+guessed)
	}
	if w := call(v, "Bearer "+sign(t, jose.RS256, key, "at+jwt", good(i, nil))); w.Code != 200 {
		t.Errorf("got %d, want 200 for a known key", w.Code)
	}
	if got := i.fetches.Load(); got != 1 {
		t.Errorf("got %d requests for keys, want 1", got)
	}
}

func TestVerifier_responds_503_while_it_has_no_keys(t *testing.T) {
	key := rsaKey(t, "1")
	i := newIssuer(t, key)
	i.broken.Store(true)
	v := newVerifier(t, oauth.Options{Issuer: i.name, Audiences: []string{audience}})
	token := "Bearer " + sign(t, jose.RS256, key, "at+jwt", good(i, nil))
	if w := call(v, token); w.Code != 503 || w.Header().Get("Retry-After") != "1" || w.Header().Get("WWW-Authenticate") != "" {
		t.Errorf("got %d %v, want 503, a time to try again and no challenge", w.Code, w.Header())
	}
	i.broken.Store(false)
	time.Sleep(1100 * time.Millisecond)
	if w := call(v, token); w.Code != 200 {
		t.Errorf("got %d a second later, want 200", w.Code)
	}
	i.broken.Store(true)
	if w := call(v, token); w.Code != 200 {
		t.Errorf("got %d without the issuer, want 200 by the keys from before", w.Code)
	}
}

// Else every request waited for an issuer that takes longer to fail than the second.
func TestVerifier_rests_after_a_slow_failure(t *testing.T) {
	key := rsaKey(t, "1")
	i := newIssuer(t, key)
	i.broken.Store(true)
	i.slow.Store(int64(600 * time.Millisecond)) // of two requests, so 1.2 s
	v := newVerifier(t, oauth.Options{Issuer: i.name, Audiences: []string{audience}})
	token := "Bearer " + sign(t, jose.RS256, key, "at+jwt", good(i, nil))
	for range 3 {
		if w := call(v, token); w.Code != 503 {
			t.Errorf("got %d, want 503", w.Code)
		}
	}
	if got := i.failures.Load(); got != 2 {
		t.Errorf("got %d requests to the issuer, want 2: one for each metadata", got)
	}
}

func TestVerifier_finds_the_metadata_of_an_issuer_with_a_path(t *testing.T) {
	key := rsaKey(t, "1")
	for name, test := range map[string]struct {
		issuer, metadata string
		status           int
	}{
		"OpenID Connect":             {"/tenant/v2.0", "/tenant/v2.0/.well-known/openid-configuration", 200},
		"OAuth":                      {"/tenant", "/.well-known/oauth-authorization-server/tenant", 200},
		"with a slash, as Auth0's":   {"/", "/.well-known/openid-configuration", 200},
		"OAuth with a slash":         {"/", "/.well-known/oauth-authorization-server", 200},
		"neither":                    {"/tenant", "/metadata", 503},
		"that of another's metadata": {"", "/.well-known/openid-configuration", 503},
	} {
		i := newIssuer(t, key)
		i.name, i.metadataPath = i.URL+test.issuer, test.metadata
		v := newVerifier(t, oauth.Options{Issuer: i.name, Audiences: []string{audience}})
		token := sign(t, jose.RS256, key, "", good(i, nil))
		if test.issuer == "" {
			i.name += "/"
		}
		if w := call(v, "Bearer "+token); w.Code != test.status {
			t.Errorf("%s: got %d, want %d", name, w.Code, test.status)
		}
	}
}

func TestHandler_ends_a_stream_at_the_expiry_if_it_shall(t *testing.T) {
	key := rsaKey(t, "1")
	i := newIssuer(t, key)
	for _, ends := range []bool{true, false} {
		v := newVerifier(t, oauth.Options{Issuer: i.name, Audiences: []string{audience}, EndAtExpiry: ends})
		var cause error
		handler := v.Handler(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			select {
			case <-r.Context().Done():
				cause = context.Cause(r.Context())
			case <-time.After(3 * time.Second):
			}
		}))
		r := httptest.NewRequest("GET", "/", nil)
		r.Header.Set("Authorization", "Bearer "+sign(t, jose.RS256, key, "", good(i, map[string]any{"exp": time.Now().Add(2 * time.Second).Unix()})))
		handler.ServeHTTP(httptest.NewRecorder(), r)
		if errors.Is(cause, oauth.ErrExpired) != ends {
			t.Errorf("EndAtExpiry %v: got %v after the expiry", ends, cause)
		}
	}
}

func TestHandler_logs_why_and_never_the_token(t *testing.T) {
	var log bytes.Buffer
	slog.SetDefault(slog.New(slog.NewTextHandler(&log, nil)))
	defer slog.SetDefault(slog.New(slog.DiscardHandler))
	key := rsaKey(t, "1")
	i := newIssuer(t, key)
	token := sign(t, jose.RS256, key, "", good(i, map[string]any{"aud": "https://other.example"}))
	w := call(newVerifier(t, oauth.Options{Issuer: i.name, Audiences: []string{audience}}), "Bearer "+token)
	if got := log.String(); !strings.Contains(got, "rejecting a request") || !strings.Contains(got, "https://other.example") || strings.Contains(got, token) {
		t.Errorf("got log %s, want the audience and not the token", got)
	}
	if strings.Contains(w.Body.String(), "other.example") {
		t.Errorf("got response %s, want nothing of the token in it", w.Body)
	}
}

func TestNew_needs_an_issuer_and_audiences(t *testing.T) {
	for _, options := range []oauth.Options{{}, {Issuer: "https://issuer.example"}, {Audiences: []string{"a"}}, {Issuer: "https://issuer.example", Audiences: []string{""}}} {
		if _, err := oauth.New(options); err == nil || !strings.Contains(err.Error(), "set the iss of the tokens") {
			t.Errorf("%+v: got %v, want what to set", options, err)
		}
	}
}
