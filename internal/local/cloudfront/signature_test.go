package cloudfront

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha1"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"
)

// A recording is a request that the software in By signed until 2037, with keys
// that were thrown away.
type recording struct{ Name, By, URL, Cookie string }

func recordings(t *testing.T) (map[string]PublicKey, []recording) {
	t.Helper()
	text, err := os.ReadFile("testdata/signed.json")
	if err != nil {
		t.Fatal(err)
	}
	var recorded struct {
		Keys   map[string]string
		Signed []recording
	}
	if err := json.Unmarshal(text, &recorded); err != nil {
		t.Fatal(err)
	}
	keys := map[string]PublicKey{}
	for id, encoded := range recorded.Keys {
		if keys[id], err = ParsePublicKey(encoded); err != nil {
			t.Fatal(err)
		}
	}
	return keys, recorded.Signed
}

// protected returns a distribution that lets in whom the keys let in.
func protected(t *testing.T, keys map[string]PublicKey, change func(*Config)) (*Distribution, *seen, *lockedBuffer) {
	t.Helper()
	origin := &seen{}
	config := testConfig(origin)
	config.Aliases = []string{"www.example.com"}
	config.Default.TrustedKeys = keys
	change(&config)
	d, log := mustNew(t, config)
	return d, origin, log
}

func TestSignature_of_other_software_opens_the_URL_until_it_is_changed(t *testing.T) {
	keys, signed := recordings(t)
	for _, r := range signed {
		t.Run(r.By+", "+r.Name, func(t *testing.T) {
			d, origin, _ := protected(t, keys, func(*Config) {})
			if resp := ask(t, d, "GET", r.URL, "", "Cookie", r.Cookie); resp.StatusCode != http.StatusOK {
				t.Errorf("got %d %s", resp.StatusCode, read(t, resp))
			} else if got := origin.request.URL.RawQuery; strings.Contains(got, "Key-Pair-Id") || strings.Contains(got, "Hash") || strings.Contains(r.URL, "size=") && got != "size=large&license=yes" {
				t.Errorf("the origin got the query %q", got)
			}
			for what, url := range map[string]string{
				"another path":  strings.Replace(r.URL, "/private/", "/secret/", 1),
				"another host":  strings.Replace(r.URL, "d111111abcdef8.cloudfront.net", "www.example.com", 1),
				"a later end":   strings.Replace(r.URL, "2114380800", "2114380801", 1),
				"another key":   strings.Replace(r.URL, "=KRSA", "=KECEXAMPLE0001&was=", 1),
				"no algorithm":  strings.Replace(r.URL, "&Hash-Algorithm=SHA256", "", 1),
				"the same HTTP": strings.Replace(r.URL, "https://d", "http://d", 1),
			} {
				cookie := strings.Replace(strings.Replace(r.Cookie, "2114380800", "2114380801", 1), "; CloudFront-Hash-Algorithm=SHA256", "", 1)
				if url == r.URL && cookie == r.Cookie || strings.HasPrefix(r.Name, "custom") && what != "another path" {
					continue // the custom policy has its host and end inside
				}
				d, _, _ := protected(t, keys, func(c *Config) { c.PlainHTTP, c.Default.ViewerProtocolPolicy = true, viewerAllowAll })
				if resp := ask(t, d, "GET", url, "", "Cookie", cookie); resp.StatusCode != http.StatusForbidden {
					t.Errorf("%s: got %d", what, resp.StatusCode)
				}
			}
		})
	}
}

const testKeyID = "KTEST"

var (
	testKey, _  = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	testKeys    = map[string]PublicKey{testKeyID: {&testKey.PublicKey}}
	testEncoder = strings.NewReplacer("+", "-", "=", "_", "/", "~")
)

// signQuery returns the parameters that sign a policy.
func signQuery(t *testing.T, policy string) string {
	t.Helper()
	digest := sha1.Sum([]byte(policy))
	signature, err := ecdsa.SignASN1(rand.Reader, testKey, digest[:])
	if err != nil {
		t.Fatal(err)
	}
	encode := func(b []byte) string { return testEncoder.Replace(base64.StdEncoding.EncodeToString(b)) }
	return "Policy=" + encode([]byte(policy)) + "&Signature=" + encode(signature) + "&Key-Pair-Id=" + testKeyID
}

func statement(resource, condition string) string {
	return `{"Statement":[{"Resource":"` + resource + `","Condition":{` + condition + `}}]}`
}

const later = `"DateLessThan":{"AWS:EpochTime":2114380800}`

func TestSignature_is_refused_as_CloudFront_refuses_it(t *testing.T) {
	past, any := time.Now().Add(-time.Hour).Unix(), "https://d111111abcdef8.cloudfront.net/*"
	until := func(seconds int64) string { return fmt.Sprintf(`"DateLessThan":{"AWS:EpochTime":%d}`, seconds) }
	_, milliseconds, _ := strings.Cut(signQuery(t, statement("https://d111111abcdef8.cloudfront.net/a", until(2114380800000))), "&")
	tests := map[string]struct{ query, code, cause string }{
		"none":             {"a=1", "MissingKey", "key groups, and the request has no Key-Pair-Id"},
		"unknown key":      {"Expires=2114380800&Signature=AA__&Key-Pair-Id=KOTHER", "InvalidKey", `unknown key pair id \"KOTHER\"`},
		"no base64":        {"Expires=2114380800&Signature=!&Key-Pair-Id=KTEST", "MalformedSignature", "isn't base64"},
		"no signature":     {"Expires=2114380800&Key-Pair-Id=KTEST", "MalformedSignature", "isn't base64"},
		"milliseconds":     {"Expires=2114380800000&" + milliseconds, "MalformedPolicy", "seconds since 1970"},
		"no end":           {"Signature=AA__&Key-Pair-Id=KTEST", "MalformedPolicy", `Expires is \"\"`},
		"unknown hash":     {signQuery(t, statement(any, later)) + "&Hash-Algorithm=MD5", "AccessDenied", "unknown hash algorithm"},
		"wrong signature":  {"Expires=2114380800&Signature=AA__&Key-Pair-Id=KTEST", "AccessDenied", `policy {\"Statement\":[{\"Resource\":\"https://d111111abcdef8.cloudfront.net/a\",\"Condition\":{\"DateLessThan\":{\"AWS:EpochTime\":2114380800}}}]}`},
		"expired":          {signQuery(t, statement(any, until(past))), "AccessDenied", "the signature expired at " + time.Unix(past, 0).UTC().Format(time.RFC3339)},
		"too early":        {signQuery(t, statement(any, later+`,"DateGreaterThan":{"AWS:EpochTime":2114380799}`)), "AccessDenied", "the signature isn't valid before 2036-12-31T23:59:59Z"},
		"another address":  {signQuery(t, statement(any, later+`,"IpAddress":{"AWS:SourceIp":"198.51.100.0/24"}`)), "AccessDenied", "the policy's IpAddress is 198.51.100.0/24, and the viewer's address is 192.0.2.1"},
		"another resource": {signQuery(t, statement("https://d111111abcdef8.cloudfront.net/b?", later)), "AccessDenied", `cloudfront.net/b?\" doesn't match https://d111111abcdef8.cloudfront.net/a`},
		"HTTP":             {signQuery(t, statement("http://d111111abcdef8.cloudfront.net/*", later)), "AccessDenied", "doesn't match https://d111111abcdef8.cloudfront.net/a"},
		"two statements":   {signQuery(t, `{"Statement":[{},{}]}`), "MalformedPolicy", "has 2 statements"},
		"endless":          {signQuery(t, statement(any, "")), "MalformedPolicy", "DateLessThan is 0"},
		"custom ms":        {signQuery(t, statement(any, until(2114380800000))), "MalformedPolicy", "seconds since 1970"},
		"misspelt":         {signQuery(t, statement(any, later+`,"SourceIp":{"AWS:SourceIp":"198.51.100.0/24"}`)), "MalformedPolicy", "SourceIp"},
		"no policy":        {"Policy=!&Signature=AA__&Key-Pair-Id=KTEST", "MalformedPolicy", "illegal base64"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			d, origin, log := protected(t, testKeys, func(c *Config) { c.Default.ViewerRequest = viewerFunction(t, "throw new Error('ran')") })
			resp := ask(t, d, "GET", "https://d111111abcdef8.cloudfront.net/a?"+test.query, "")
			body := read(t, resp)
			if resp.StatusCode != http.StatusForbidden || origin.count != 0 || resp.Header.Get("Content-Type") != "text/xml" || resp.Header.Get("X-Cache") != "Error from cloudfront" {
				t.Errorf("got %d %v %s", resp.StatusCode, resp.Header, body)
			}
			if want := "<Error><Code>" + test.code + "</Code><Message>"; !strings.Contains(body, want) {
				t.Errorf("got %s, want %s", body, want)
			}
			if !strings.Contains(log.String(), test.cause) || !strings.Contains(log.String(), "hint=") {
				t.Errorf("got the log %s, want %s", log, test.cause)
			}
		})
	}
}

func TestSignature_opens_what_its_policy_names(t *testing.T) {
	tests := map[string]struct{ resource, url string }{
		"wildcards":                      {"https://d111111abcdef8.cloudfront.net/*ort.p?f*", "https://d111111abcdef8.cloudfront.net/report.pdf?size=large"},
		"any scheme":                     {"http*://www.example.com/*", "https://www.example.com/a"},
		"everything":                     {"*", "https://www.example.com/a"},
		"the local host":                 {"https://127.0.0.1:23875/a", "http://127.0.0.1:23875/a"},
		"the local host, HTTP":           {"http://127.0.0.1:23875/a", "http://127.0.0.1:23875/a"},
		"the domain, on this machine":    {"https://d111111abcdef8.cloudfront.net/a", "http://127.0.0.1:23875/a"},
		"the alias, on this machine":     {"https://www.example.com/a", "http://e111122223333a.cloudfront.localhost:23875/a"},
		"the alias, on the port of here": {"https://www.example.com/a", "http://www.example.com:23875/a"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			d, _, log := protected(t, testKeys, func(*Config) {})
			separator := "?"
			if strings.Contains(test.url, "?") {
				separator = "&"
			}
			query := signQuery(t, statement(test.resource, later+`,"IpAddress":{"AWS:SourceIp":"192.0.2.1"}`))
			if resp := ask(t, d, "GET", test.url+separator+query, ""); resp.StatusCode != http.StatusOK {
				t.Errorf("got %d, log %s", resp.StatusCode, log)
			}
		})
	}
	d, _, _ := protected(t, testKeys, func(*Config) {})
	query := signQuery(t, `{"Statement":[{"Condition":{`+later+`}}]}`)
	if resp := ask(t, d, "GET", "https://www.example.com/a?"+query, ""); resp.StatusCode != http.StatusOK {
		t.Errorf("without a resource: got %d", resp.StatusCode)
	}
	if resp := ask(t, d, "GET", "https://www.example.com/a?Expires=1", "", "Cookie", "CloudFront-"+strings.ReplaceAll(query, "&", "; CloudFront-")); resp.StatusCode != http.StatusForbidden {
		t.Errorf("cookies beside a parameter of a signed URL: got %d, want 403", resp.StatusCode)
	}
	if resp := ask(t, d, "GET", "https://www.example.com/a", "", "Cookie", "CloudFront-"+strings.ReplaceAll(query, "&", "; CloudFront-")); resp.StatusCode != http.StatusOK {
		t.Errorf("cookies: got %d", resp.StatusCode)
	}
}

func TestSignature_leaves_other_behaviors_alone(t *testing.T) {
	d, origin, _ := protected(t, nil, func(*Config) {})
	ask(t, d, "GET", "/a?Expires=1&Signature=2", "")
	if got := origin.request.URL.RawQuery; got != "Expires=1&Signature=2" {
		t.Errorf("the origin got %q", got)
	}
}

func TestParsePublicKey_rejects_what_CloudFront_rejects(t *testing.T) {
	small, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		t.Fatal(err)
	}
	large, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	encoded := []string{"", "ssh-rsa AAAA", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n"}
	for _, key := range []any{&small.PublicKey, &large.PublicKey} {
		der, err := x509.MarshalPKIXPublicKey(key)
		if err != nil {
			t.Fatal(err)
		}
		encoded = append(encoded, string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})))
	}
	for _, text := range encoded {
		if _, err := ParsePublicKey(text); err == nil || !strings.Contains(err.Error(), "isn't a public key in PEM") {
			t.Errorf("%q: got %v", text, err)
		}
	}
}
