package cloudfront

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/cloudfurl/cloudfurl/internal/local/sigv4"
)

var testCredentials = sigv4.Credentials{AccessKeyID: "AKIDEXAMPLE", SecretAccessKey: "secret"}

func TestOAC_signs_with_the_hash_that_the_request_carries(t *testing.T) {
	const given = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"
	for _, c := range []struct {
		name, behavior, kind, authorization, sent string
		signed                                    bool
		hash, header                              string
	}{
		{"always", "always", "lambda", "", "", true, sigv4.EmptyPayloadHash, ""},
		{"always overwrites Authorization", "always", "lambda", "Bearer x", given, true, given, given},
		{"never", "never", "lambda", "Bearer x", given, false, "", given},
		{"no-override without Authorization", "no-override", "lambda", "", "", true, sigv4.EmptyPayloadHash, ""},
		{"no-override with Authorization", "no-override", "lambda", "Bearer x", "", false, "", ""},
		{"a value that isn't a hash", "always", "lambda", "", "nonsense", true, sigv4.EmptyPayloadHash, "nonsense"},
		{"S3", "always", "s3", "", "", true, "UNSIGNED-PAYLOAD", "UNSIGNED-PAYLOAD"},
	} {
		t.Run(c.name, func(t *testing.T) {
			origin := &seen{}
			config := testConfig(origin)
			config.edit(func(o *Origin, _ *Behavior) {
				o.OAC = &OAC{SigningBehavior: c.behavior, SigningProtocol: "sigv4", OriginType: c.kind, Region: "ap-northeast-1"}
			})
			d, _ := mustNew(t, config)
			sent := []string{"X-Amz-Source-Arn", "spoofed"}
			if c.authorization != "" {
				sent = append(sent, "Authorization", c.authorization)
			}
			if c.sent != "" {
				sent = append(sent, "X-Amz-Content-Sha256", c.sent)
			}
			ask(t, d, "POST", "/", "hello", sent...)
			got := origin.request.Header
			if c.signed {
				if !strings.Contains(got.Get("Authorization"), "/ap-northeast-1/"+c.kind+"/aws4_request") || got.Get("X-Amz-Source-Arn") != config.ARN || got.Get("X-Amz-Source-Account") != config.Account {
					t.Errorf("signed as %v", got)
				}
				again := origin.request.Clone(t.Context())
				at, err := time.Parse("20060102T150405Z", got.Get("X-Amz-Date"))
				if err != nil {
					t.Fatal(err)
				}
				if sigv4.Sign(again, c.hash, testCredentials, c.kind, "ap-northeast-1", at); again.Header.Get("Authorization") != got.Get("Authorization") {
					t.Errorf("not signed for the hash %s", c.hash)
				}
			} else if got.Get("Authorization") != c.authorization {
				t.Errorf("Authorization is %q", got.Get("Authorization"))
			}
			if got.Get("X-Amz-Content-Sha256") != c.header {
				t.Errorf("header %q", got.Get("X-Amz-Content-Sha256"))
			}
			if string(origin.body) != "hello" {
				t.Errorf("body %q", origin.body)
			}
		})
	}
}

func TestOrigin_gets_path_custom_headers_and_root_object(t *testing.T) {
	origin := &seen{}
	config := testConfig(origin)
	config.DefaultRootObject = "index.html"
	config.edit(func(o *Origin, _ *Behavior) {
		o.Path = "/prod"
		o.CustomHeaders = []Header{{"X-Secret", "custom"}}
	})
	d, _ := mustNew(t, config)
	for target, want := range map[string]string{
		"/":            "/prod/index.html",
		"/?a=b":        "/prod/index.html?a=b",
		"/dir/":        "/prod/dir/",
		"/a%2Fb%20c+d": "/prod/a%2Fb%20c+d",
		"/a//b/../c":   "/prod/a//b/../c",
		"/a?x=%zz&+":   "/prod/a?x=%zz&+",
	} {
		ask(t, d, "GET", target, "", "X-Secret", "viewer")
		got := origin.request
		if got.URL.RequestURI() != want || got.Header.Get("X-Secret") != "custom" {
			t.Errorf("%s arrived as %s with %q", target, got.URL.RequestURI(), got.Header.Get("X-Secret"))
		}
	}
}

func TestOrigin_gets_each_value_of_a_custom_header_that_a_function_sets(t *testing.T) {
	origin := &seen{}
	config := testConfig(origin)
	config.Default.Edge = atOrigin(func(cf map[string]any) (any, error) {
		request := cf["request"].(map[string]any)
		custom := request["origin"].(map[string]any)["custom"].(map[string]any)
		custom["customHeaders"] = map[string]any{"x-c": append(pairs("X-C", "first"), pairs("X-C", "second")...)}
		return request, nil
	})
	d, log := mustNew(t, config)
	if got := ask(t, d, "GET", "/", "").StatusCode; got != http.StatusOK {
		t.Fatalf("%d: %s", got, log)
	}
	if got := origin.request.Header.Values("X-C"); !slices.Equal(got, []string{"first", "second"}) {
		t.Errorf("got %q, want both values", got)
	}
	if got := ask(t, d, "GET", "/", "", "X-C", "viewer"); got.StatusCode != http.StatusBadGateway || !strings.Contains(log.String(), "X-C repeats a header of the request") {
		t.Errorf("%d for a custom header that the request has too: %s", got.StatusCode, log)
	}
}

func TestOrigin_is_reached_by_its_protocol_policy(t *testing.T) {
	for _, c := range []struct {
		policy string
		plain  bool
		http   int
		https  int
		want   string
	}{
		{"", false, 0, 0, "https://" + testDomain},
		{"https-only", true, 0, 8443, "https://" + testDomain + ":8443"},
		{"http-only", false, 8080, 0, "http://" + testDomain + ":8080"},
		{"match-viewer", false, 0, 0, "https://" + testDomain},
		{"match-viewer", true, 0, 0, "http://" + testDomain},
	} {
		origin := &seen{}
		config := testConfig(origin)
		config.PlainHTTP = c.plain
		config.edit(func(o *Origin, b *Behavior) {
			o.ProtocolPolicy, o.HTTPPort, o.HTTPSPort = c.policy, c.http, c.https
			b.ViewerProtocolPolicy = "allow-all"
		})
		d, _ := mustNew(t, config)
		ask(t, d, "GET", "/", "")
		if got := origin.request.URL; got.Scheme+"://"+got.Host != c.want {
			t.Errorf("%+v: %s", c, got)
		}
	}
}
