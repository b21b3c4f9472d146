package bucket

import (
	"net/http"
	"strings"
	"testing"

	"github.com/cloudfurl/cloudfurl/internal/local/iam"
	"github.com/cloudfurl/cloudfurl/internal/local/sigv4"
)

func TestBucket_serves_callers_that_the_policy_permits(t *testing.T) {
	tests := map[string]struct {
		policies []*iam.Policy
		cause    string // empty if the distribution may read
	}{
		"the CDK's statement": {readPolicy, ""},
		"everybody":           {publicPolicy, ""},
		"no policy":           {nil, "no policy of the bucket site allows s3:GetObject on arn:aws:s3:::site/a for cloudfront.amazonaws.com acting for " + testSource},
		"another resource":    {permits("s3:GetObject", "arn:aws:s3:::site/private/*"), "(the policy: Resource is arn:aws:s3:::site/private/*)"},
		"another action":      {permits("s3:PutObject", "arn:aws:s3:::site/*"), "no policy of the bucket site allows s3:GetObject"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			b, log := newBucket(t, test.policies, Layer{Dirs: []string{tree(t, map[string]string{"a": "a"})}})
			resp, body := send(t, b, signed(t, request(t, http.MethodGet, "/a")))
			if test.cause == "" {
				want(t, resp, body, http.StatusOK, "a")
				return
			}
			want(t, resp, body, http.StatusForbidden, "<Code>AccessDenied</Code><Message>Access Denied</Message>")
			hint := "add to the bucket policy: Effect Allow, Action s3:GetObject, Resource arn:aws:s3:::site/*, Principal.Service cloudfront.amazonaws.com, Condition.StringEquals AWS:SourceArn " + testSource
			if !strings.Contains(log.String(), test.cause) || !strings.Contains(log.String(), hint) {
				t.Errorf("the log doesn't say %q and %q: %s", test.cause, hint, log)
			}
		})
	}
}

func TestBucket_tells_before_a_request_who_may_not_read(t *testing.T) {
	identity := OriginAccessIdentity{ID: "E1OAI", CanonicalUserID: "0123abcd"}
	named := permitsTo(map[string]any{"CanonicalUser": "0123abcd"})
	for name, test := range map[string]struct {
		policies []*iam.Policy
		who      sigv4.Identity
		oai      bool
		says     string
	}{
		"the distribution":            {readPolicy, testCloudFront, false, ""},
		"the distribution, unnamed":   {nil, testCloudFront, false, "no policy of the bucket site allows s3:GetObject for cloudfront.amazonaws.com"},
		"everyone":                    {publicPolicy, sigv4.Identity{}, false, ""},
		"an unsigned request":         {readPolicy, sigv4.Identity{}, false, "for an unsigned request"},
		"the legacy identity":         {named, sigv4.Identity{}, true, ""},
		"another legacy identity":     {readPolicy, sigv4.Identity{}, true, "CloudFront Origin Access Identity E1OAI"},
		"a user of the same account":  {nil, sigv4.Identity{ARN: "arn:x", Account: "111122223333"}, false, ""},
		"a user of a another account": {nil, sigv4.Identity{ARN: "arn:x", Account: "999999999999"}, false, "for arn:x"},
	} {
		b, _ := newBucket(t, test.policies)
		denial := b.Denial(test.who)
		if test.oai {
			denial = b.As(identity).Denial(test.who)
		}
		if (denial == nil) != (test.says == "") || denial != nil && (!strings.Contains(denial.Error(), test.says) || denial.Hint == "") {
			t.Errorf("%s: got %v, want %q and a hint", name, denial, test.says)
		}
	}
}

func TestBucket_responds_404_only_to_callers_who_may_list(t *testing.T) {
	for status, policies := range map[int][]*iam.Policy{http.StatusForbidden: readPolicy, http.StatusNotFound: listPolicy} {
		b, _ := newBucket(t, policies, Layer{Dirs: []string{t.TempDir()}})
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
	for _, test := range []struct {
		policies []*iam.Policy
		status   int
	}{
		{permitsTo(map[string]any{"CanonicalUser": "0123abcd"}), http.StatusOK},
		{permitsTo(map[string]any{"AWS": "arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E1OAI"}), http.StatusOK},
		{permitsTo(map[string]any{"AWS": "arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E2OTHER"}), http.StatusForbidden},
		{permitsTo(map[string]any{"CanonicalUser": "ffff"}), http.StatusForbidden},
		{nil, http.StatusForbidden},
	} {
		b, _ := newBucket(t, test.policies, Layer{Dirs: []string{tree(t, map[string]string{"a": "a"})}})
		// The viewer's own Authorization means nothing to it.
		resp, body := send(t, b.As(identity), request(t, http.MethodGet, "/a", "Authorization", "Bearer x"))
		want(t, resp, body, test.status, "")
	}
}
