package oauth_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
)

// An issuer is an authorization server with a document of keys.
type issuer struct {
	*httptest.Server

	// metadataPath is where the metadata is, and name the issuer in it.
	metadataPath, name string

	// keys are in the document, and extra is JSON of further ones.
	keys  atomic.Pointer[[]jose.JSONWebKey]
	extra string

	fetches  atomic.Int32 // of the keys
	broken   atomic.Bool
	slow     atomic.Int64 // how long a broken issuer takes, in nanoseconds
	failures atomic.Int32 // of a broken issuer
}

func newIssuer(t *testing.T, keys ...jose.JSONWebKey) *issuer {
	i := &issuer{metadataPath: "/.well-known/openid-configuration"}
	i.keys.Store(&keys)
	i.Server = httptest.NewServer(i)
	t.Cleanup(i.Close)
	i.name = i.URL
	return i
}

func (i *issuer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch {
	case i.broken.Load():
		i.failures.Add(1)
		time.Sleep(time.Duration(i.slow.Load()))
		w.WriteHeader(http.StatusBadGateway)
	case r.URL.Path == i.metadataPath:
		json.NewEncoder(w).Encode(map[string]string{"issuer": i.name, "jwks_uri": i.URL + "/keys"})
	case r.URL.Path == "/keys":
		i.fetches.Add(1)
		var list []string
		for _, key := range *i.keys.Load() {
			data, _ := json.Marshal(key.Public())
			list = append(list, string(data))
		}
		if i.extra != "" {
			list = append(list, i.extra)
		}
		w.Write([]byte(`{"keys":[` + strings.Join(list, ",") + `]}`))
	default:
		http.NotFound(w, r)
	}
}

func rsaKey(t *testing.T, id string) jose.JSONWebKey {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	return jose.JSONWebKey{Key: key, KeyID: id, Algorithm: "RS256", Use: "sig"}
}

func ecKey(t *testing.T, id string, curve elliptic.Curve) jose.JSONWebKey {
	key, err := ecdsa.GenerateKey(curve, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return jose.JSONWebKey{Key: key, KeyID: id}
}

// good are the claims of a token that is valid; nil removes one.
func good(i *issuer, changes map[string]any) map[string]any {
	claims := map[string]any{
		"iss": i.name, "sub": "ada", "aud": "https://api.example.com/mcp", "client_id": "client", "scope": "read write",
		"iat": time.Now().Unix(), "exp": time.Now().Add(time.Hour).Unix(),
	}
	maps.Copy(claims, changes)
	maps.DeleteFunc(claims, func(_ string, value any) bool { return value == nil })
	return claims
}

// sign returns a JWT of the claims.
func sign(t *testing.T, algorithm jose.SignatureAlgorithm, key jose.JSONWebKey, kind string, claims map[string]any) string {
	t.Helper()
	options := (&jose.SignerOptions{}).WithHeader("kid", key.KeyID)
	if kind != "" {
		options = options.WithType(jose.ContentType(kind))
	}
	var signing any = key.Key
	if private, ok := signing.(crypto.Signer); ok {
		signing = private
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: algorithm, Key: signing}, options)
	if err != nil {
		t.Fatal(err)
	}
	token, err := jwt.Signed(signer).Claims(claims).Serialize()
	if err != nil {
		t.Fatal(err)
	}
	return token
}
