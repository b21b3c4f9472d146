package bucket

import (
	"net/http"
	"strings"
	"testing"
)

func TestBucket_serves_callers_that_the_policy_permits(t *testing.T) {
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
		{"no policy", "", "has no policy that permits cloudfront.amazonaws.com s3:GetObject"},
		{"another distribution", condition("StringEquals", "AWS:SourceArn", `"arn:aws:cloudfront::111122223333:distribution/EOTHER"`), "EOTHER doesn't hold"},
		{"any distribution of the account", condition("ArnLike", "aws:SourceArn", `"arn:aws:cloudfront::111122223333:distribution/*"`), ""},
		{"any distribution, as a string", condition("StringLike", "AWS:sourcearn", `["x","arn:aws:cloudfront::*:distribution/E1*"]`), ""},
		{"a wildcard in StringEquals", condition("StringEquals", "aws:SourceArn", `"arn:aws:cloudfront::111122223333:distribution/*"`), "doesn't hold"},
		{"the account", condition("StringEquals", "aws:SourceAccount", `"111122223333"`), ""},
		{"not that account", condition("StringNotEquals", "aws:SourceAccount", `"111122223333"`), "doesn't hold"},
		{"a key that the request lacks", condition("StringEquals", "aws:Referer", `"x"`), "doesn't hold"},
		{"a key that it lacks, if it exists", condition("StringEqualsIfExists", "aws:Referer", `"x"`), ""},
		{"a key that must be missing", condition("Null", "aws:Referer", `"true"`), ""},
		{"a TLS version", condition("NumericGreaterThanEquals", "s3:TlsVersion", `1.2`), ""},
		{"HTTPS enforced", ssl, ""},
		{"another service", statement(`"Principal":{"Service":"logging.s3.amazonaws.com"}`), "Principal doesn't match"},
		{"everybody", publicPolicy, ""},
		{"another resource", strings.Replace(readPolicy, "site/*", "site/private/*", 1), "Resource is"},
		{"another action", strings.Replace(readPolicy, "GetObject", "PutObject", 1), "no statement of the policy of site permits cloudfront.amazonaws.com s3:GetObject"},
		{"denied", `{"Statement":[{"Sid":"No","Effect":"Deny","Action":"*","Principal":"*","Resource":"*"}]}`, "the policy of site denies cloudfront.amazonaws.com s3:GetObject in statement No"},
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

func TestBucket_responds_404_only_to_callers_who_may_list(t *testing.T) {
	for document, status := range map[string]int{readPolicy: http.StatusForbidden, listPolicy: http.StatusNotFound} {
		b, _ := newBucket(t, document, Layer{Dirs: []string{t.TempDir()}})
		resp, body := send(t, b, signed(t, request(t, http.MethodGet, "/missing")))
		want(t, resp, body, status, "<Code>")
	}
}

func TestBucket_serves_everyone_unless_public_access_is_blocked(t *testing.T) {
	b, log := newBucket(t, publicPolicy, Layer{Dirs: []string{tree(t, map[string]string{"a": "a"})}})
	resp, body := send(t, b, request(t, http.MethodGet, "/a"))
	want(t, resp, body, http.StatusOK, "a")
	b.config.BlocksPublic = true
	resp, body = send(t, b, request(t, http.MethodGet, "/a"))
	want(t, resp, body, http.StatusForbidden, "AccessDenied")
	if !strings.Contains(log.String(), "Block Public Access") {
		t.Errorf("the log does not name Block Public Access: %s", log)
	}
}

func TestBucket_knows_the_legacy_identity_by_both_names(t *testing.T) {
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

func TestParsePolicy_rejects_unsupported_elements(t *testing.T) {
	statement := func(rest string) string {
		return `{"Statement":[{"Sid":"S","Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"*",` + rest + `}]}`
	}
	tests := map[string]string{
		statement(`"Condition":{"IpAddress":{"aws:SourceArn":"x"}}`):                                       "Statement[0].Condition.IpAddress.aws:SourceArn: the condition operator IpAddress",
		statement(`"Condition":{"StringEquals":{"aws:SourceVpce":"x"}}`):                                   "condition key aws:SourceVpce",
		statement(`"Condition":{"StringEquals":{"aws:Referer":"${aws:x}"}}`):                               "policy variables",
		statement(`"NotAction":"s3:PutObject"`):                                                            "Statement[0].NotAction",
		statement(`"NotResource":"x"`):                                                                     "NotResource",
		`{"Statement":[{"Sid":"S","Effect":"Allowed","Action":"*"}]}`:                                      `Statement[0].Effect: "Allowed" isn't an effect`,
		`{"Statement":[{"Sid":"S","Effect":"Allow","Action":"*","Resource":"*","Principal":{"Who":"x"}}]}`: "Statement[0].Principal.Who: unknown type",
		`{"Statement":[{"Sid":"S","Effect":"Allow","Action":"*","Resource":"*"}]}`:                         "Statement[0].Principal: <nil> isn't a principal",
		`{"Statement":"x"}`: "Statement: isn't a statement",
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
