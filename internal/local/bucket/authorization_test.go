package bucket

import (
	"net/http"
	"strings"
	"testing"
)

func TestBucket_lets_in_whom_the_policy_lets_in(t *testing.T) {
	statement := func(rest string) string {
		return `{"Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::site/*",` + rest + `}]}`
	}
	service := `"Principal":{"Service":"cloudfront.amazonaws.com"}`
	condition := func(operator, key, value string) string {
		return statement(service + `,"Condition":{"` + operator + `":{"` + key + `":` + value + `}}`)
	}
	ssl := `{"Statement":[{"Effect":"Deny","Action":"s3:*","Principal":{"AWS":"*"},"Resource":["arn:aws:s3:::site","arn:aws:s3:::site/*"],
		"Condition":{"Bool":{"aws:SecureTransport":"false"}}},` + strings.TrimPrefix(statement(service), `{"Statement":[`)
	tests := []struct {
		name, policy string
		cause        string // empty if the distribution may read
	}{
		{"the CDK's statement", readPolicy, ""},
		{"no policy", "", "has no policy that lets cloudfront.amazonaws.com do s3:GetObject"},
		{"another distribution", condition("StringEquals", "AWS:SourceArn", `"arn:aws:cloudfront::111122223333:distribution/EOTHER"`), "EOTHER does not hold"},
		{"any distribution of the account", condition("ArnLike", "aws:SourceArn", `"arn:aws:cloudfront::111122223333:distribution/*"`), ""},
		{"any distribution, as a string", condition("StringLike", "AWS:sourcearn", `["x","arn:aws:cloudfront::*:distribution/E1*"]`), ""},
		{"a wildcard in StringEquals", condition("StringEquals", "aws:SourceArn", `"arn:aws:cloudfront::111122223333:distribution/*"`), "does not hold"},
		{"the account", condition("StringEquals", "aws:SourceAccount", `"111122223333"`), ""},
		{"not that account", condition("StringNotEquals", "aws:SourceAccount", `"111122223333"`), "does not hold"},
		{"a key that the request lacks", condition("StringEquals", "aws:Referer", `"x"`), "does not hold"},
		{"a key that it lacks, if it exists", condition("StringEqualsIfExists", "aws:Referer", `"x"`), ""},
		{"a key that must be missing", condition("Null", "aws:Referer", `"true"`), ""},
		{"a TLS version", condition("NumericGreaterThanEquals", "s3:TlsVersion", `1.2`), ""},
		{"HTTPS enforced", ssl, ""},
		{"another service", statement(`"Principal":{"Service":"logging.s3.amazonaws.com"}`), "another Principal"},
		{"everybody", publicPolicy, ""},
		{"another resource", strings.Replace(readPolicy, "site/*", "site/private/*", 1), "Resource is"},
		{"another action", strings.Replace(readPolicy, "GetObject", "PutObject", 1), "no statement of the policy of site lets cloudfront.amazonaws.com do s3:GetObject"},
		{"denied", `{"Statement":[{"Sid":"No","Effect":"Deny","Action":"*","Principal":"*","Resource":"*"}]}`, "statement No of the policy of site denies"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			b, log := newBucket(t, test.policy, Layer{Dirs: []string{tree(t, map[string]string{"a": "a"})}})
			resp, body := send(t, b, signed(t, request(t, http.MethodGet, "/a")))
			if test.cause == "" {
				want(t, resp, body, http.StatusOK, "a")
				return
			}
			want(t, resp, body, http.StatusForbidden, "<Code>AccessDenied</Code><Message>Access Denied</Message>")
			if !strings.Contains(log.String(), test.cause) || !strings.Contains(log.String(), "cure=") {
				t.Errorf("the log does not say %q: %s", test.cause, log)
			}
		})
	}
}

func TestBucket_tells_only_those_who_may_list_what_is_missing(t *testing.T) {
	for document, status := range map[string]int{readPolicy: http.StatusForbidden, listPolicy: http.StatusNotFound} {
		b, _ := newBucket(t, document, Layer{Dirs: []string{t.TempDir()}})
		resp, body := send(t, b, signed(t, request(t, http.MethodGet, "/missing")))
		want(t, resp, body, status, "<Code>")
	}
}

func TestBucket_lets_everybody_in_unless_that_is_blocked(t *testing.T) {
	b, log := newBucket(t, publicPolicy, Layer{Dirs: []string{tree(t, map[string]string{"a": "a"})}})
	resp, body := send(t, b, request(t, http.MethodGet, "/a"))
	want(t, resp, body, http.StatusOK, "a")
	resp, body = send(t, b, request(t, http.MethodGet, "/a?response-content-type=text/csv"))
	want(t, resp, body, http.StatusBadRequest, "anonymous")

	b.config.BlocksPublic = true
	resp, body = send(t, b, request(t, http.MethodGet, "/a"))
	want(t, resp, body, http.StatusForbidden, "AccessDenied")
	if !strings.Contains(log.String(), "Block Public Access") {
		t.Errorf("the log does not name Block Public Access: %s", log)
	}
}

func TestBucket_knows_the_legacy_identity_by_both_its_names(t *testing.T) {
	identity := OriginAccessIdentity{ID: "E1OAI", CanonicalUserID: "0123abcd"}
	statement := func(principal string) string {
		return `{"Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::site/*","Principal":` + principal + `}]}`
	}
	tests := map[string]int{
		statement(`{"CanonicalUser":"0123abcd"}`):                                                     http.StatusOK,
		statement(`{"AWS":"arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E1OAI"}`):   http.StatusOK,
		statement(`{"AWS":"arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E2OTHER"}`): http.StatusForbidden,
		statement(`{"CanonicalUser":"ffff"}`):                                                         http.StatusForbidden,
		"":                                                                                            http.StatusForbidden,
	}
	for document, status := range tests {
		b, _ := newBucket(t, document, Layer{Dirs: []string{tree(t, map[string]string{"a": "a"})}})
		// The viewer's own Authorization means nothing to it.
		resp, body := send(t, b.As(identity), request(t, http.MethodGet, "/a", "Authorization", "Bearer x"))
		want(t, resp, body, status, "")
	}
}

func TestParsePolicy_refuses_what_it_does_not_play(t *testing.T) {
	statement := func(rest string) string {
		return `{"Statement":[{"Sid":"S","Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"*",` + rest + `}]}`
	}
	tests := map[string]string{
		statement(`"Condition":{"IpAddress":{"aws:SourceArn":"x"}}`):                                       "operator IpAddress",
		statement(`"Condition":{"StringEquals":{"aws:SourceVpce":"x"}}`):                                   "condition key aws:SourceVpce",
		statement(`"Condition":{"StringEquals":{"aws:Referer":"${aws:x}"}}`):                               "policy variables",
		statement(`"NotAction":"s3:PutObject"`):                                                            "NotAction",
		statement(`"NotResource":"x"`):                                                                     "NotResource",
		`{"Statement":[{"Sid":"S","Effect":"Allowed","Action":"*"}]}`:                                      "Allowed",
		`{"Statement":[{"Sid":"S","Effect":"Allow","Action":"*","Resource":"*","Principal":{"Who":"x"}}]}`: "Principal.Who",
		`{"Statement":[{"Sid":"S","Effect":"Allow","Action":"*","Resource":"*"}]}`:                         "Principal is",
		`{"Statement":"x"}`: "cannot be read",
	}
	for document, want := range tests {
		_, err := ParsePolicy(jsonValue(t, document))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %q", document, err, want)
		}
	}
	// A log delivery statement has nothing to do with reading.
	passed := `{"Statement":[{"Effect":"Allow","Action":"s3:GetBucketAcl","Principal":{"Service":"x"},"Resource":"*","Condition":{"IpAddress":{"aws:SourceIp":"x"}}}]}`
	if _, err := ParsePolicy(jsonValue(t, passed)); err != nil {
		t.Errorf("a statement about another action: %v", err)
	}
}
