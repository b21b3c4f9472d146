package oauth

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/go-jose/go-jose/v4"
)

// keyAge is how long keys are used before the issuer is asked whether they are still
// its own.
const keyAge = time.Hour

// maxDocument is how much is read of a document of the issuer, in bytes.
const maxDocument = 1 << 20

// client has 3 s for each of three documents at most: CloudFront waits 30 s for the
// first byte, and requests wait for the keys.
var client = &http.Client{Timeout: 3 * time.Second}

// A keySet is the keys of an issuer.
type keySet struct {
	issuer   string
	interval time.Duration

	mu      sync.Mutex
	keys    []jose.JSONWebKey
	fetched time.Time // zero before the first keys
	next    time.Time // when they may be fetched again
}

// find returns the key that a token names, and fetches the keys if it is unknown.
func (s *keySet) find(header jose.Header) (any, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := time.Now()
	if (now.Sub(s.fetched) > keyAge || s.key(header) == nil) && now.After(s.next) {
		err := s.fetch()
		s.next = time.Now().Add(s.interval)
		if err != nil {
			if s.fetched.IsZero() {
				s.next = time.Now().Add(time.Second)
			}
			slog.Error("oauth: couldn't fetch the keys of the issuer", "issuer", s.issuer, "error", err.Error())
		}
	}
	key := s.key(header)
	switch {
	case s.fetched.IsZero():
		return nil, errors.New("oauth: there are no keys of the issuer")
	case key == nil:
		return nil, fmt.Errorf("%w: the issuer has no key %q for %s", ErrInvalid, header.KeyID, header.Algorithm)
	}
	return key, nil
}

// key returns a public key for signatures with a token's kid and algorithm, or nil.
func (s *keySet) key(header jose.Header) any {
	for _, key := range s.keys {
		if key.KeyID == header.KeyID && key.Use != "enc" && (key.Algorithm == "" || key.Algorithm == header.Algorithm) && key.IsPublic() {
			return key.Key
		}
	}
	return nil
}

// fetch fetches the keys that the issuer's metadata leads to.
//
// See: https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderConfig and https://www.rfc-editor.org/rfc/rfc8414#section-3
func (s *keySet) fetch() error {
	var metadata struct {
		Issuer string
		JWKS   string `json:"jwks_uri"`
	}
	issuer, err := url.Parse(strings.TrimSuffix(s.issuer, "/"))
	if err != nil {
		return err
	}
	if err := get(issuer.String()+"/.well-known/openid-configuration", &metadata); err != nil {
		issuer.Path = "/.well-known/oauth-authorization-server" + issuer.Path
		if second := get(issuer.String(), &metadata); second != nil {
			return errors.Join(err, second)
		}
	}
	if metadata.Issuer != s.issuer {
		return fmt.Errorf("its metadata is that of %q: set the Issuer exactly so", metadata.Issuer)
	}
	var set struct{ Keys []json.RawMessage }
	if err := get(metadata.JWKS, &set); err != nil {
		return err
	}
	if len(set.Keys) == 0 {
		return fmt.Errorf("%s has no keys", metadata.JWKS)
	}
	s.keys, s.fetched = nil, time.Now()
	for _, raw := range set.Keys {
		var key jose.JSONWebKey
		// Those of types that go-jose doesn't know are for others.
		if json.Unmarshal(raw, &key) == nil {
			s.keys = append(s.keys, key)
		}
	}
	return nil
}

// get decodes a document in JSON. It goes on when the viewer leaves whose request led
// to it: others need the keys, too.
func get(address string, into any) error {
	response, err := client.Get(address)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: %s", address, response.Status)
	}
	return json.NewDecoder(io.LimitReader(response.Body, maxDocument)).Decode(into)
}
