package iam

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/cloudfurl/cloudfurl/internal/fault"
	"github.com/cloudfurl/cloudfurl/internal/local/sigv4"
)

const source = "arn:aws:cloudfront::111122223333:distribution/E1"

var (
	cloudfront = sigv4.Identity{Service: "cloudfront.amazonaws.com", SourceARN: source, SourceAccount: "111122223333", ARN: "arn:aws:sts::000000000000:assumed-role/r/s", Account: "000000000000"}
	user       = sigv4.Identity{ARN: "arn:aws:iam::999999999999:user/ada", Account: "999999999999"}
	nobody     = sigv4.Identity{}
)

// broken is an element that can't be resolved.
type broken struct{}

func (broken) Value() (any, error) { return nil, errors.New("refers to Nobody") }

// statements reads statements as JSON has them. An element "broken" is broken.
func statements(t *testing.T, text string) []Statement {
	t.Helper()
	var parsed []map[string]any
	decoder := json.NewDecoder(strings.NewReader("[" + text + "]"))
	decoder.UseNumber()
	if err := decoder.Decode(&parsed); err != nil {
		t.Fatal(err)
	}
	result := make([]Statement, len(parsed))
	for i, s := range parsed {
		element := func(name string) Element {
			switch value, ok := s[name]; {
			case !ok:
				return nil
			case value == "broken":
				return broken{}
			default:
				return Literal{value}
			}
		}
		list := func(name string) []string {
			if s[name] == nil {
				return nil
			}
			names, err := texts(s[name])
			if err != nil {
				t.Fatal(err)
			}
			return names
		}
		sid, _ := s["Sid"].(string)
		effect, _ := s["Effect"].(string)
		result[i] = Statement{
			Sid: sid, Effect: effect, Action: list("Action"), NotAction: list("NotAction"), Principal: element("Principal"), NotPrincipal: element("NotPrincipal"),
			Resource: element("Resource"), NotResource: element("NotResource"), Condition: element("Condition"),
		}
	}
	return result
}

// get is a request for an object.
func get(who sigv4.Identity) Request {
	r := NewRequest(who, &http.Request{URL: &url.URL{Scheme: "https"}, Header: http.Header{"User-Agent": {"Amazon CloudFront"}}})
	r.Action, r.Resource = "s3:GetObject", "arn:aws:s3:::site/a:b"
	return r
}

func TestDecide(t *testing.T) {
	allow := func(rest string) string {
		return `{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::site/*",` + rest + `}`
	}
	const service, all = `"Principal":{"Service":"cloudfront.amazonaws.com"}`, `{"Effect":"Allow","Action":"*","Principal":"*","Resource":"*"}`
	when := func(operator, key, value string) string {
		return allow(service + `,"Condition":{"` + operator + `":{"` + key + `":` + value + `}}`)
	}
	by := func(principal string) string { return allow(`"Principal":` + principal) }
	deny := func(rest string) string {
		return all + `,{"Sid":"No","Effect":"Deny","Action":"s3:*","Principal":"*",` + rest + `}`
	}
	const nothing = "no policy of site allows s3:GetObject on arn:aws:s3:::site/a:b for cloudfront.amazonaws.com acting for " + source
	tests := map[string]struct {
		who    sigv4.Identity
		policy string
		denial string // its beginning or end; empty if the request is permitted
	}{
		"no statement":                      {cloudfront, ``, nothing},
		"nobody, and no statement":          {nobody, ``, "no policy of site allows s3:GetObject on arn:aws:s3:::site/a:b for an unsigned request"},
		"the CDK's statement":               {cloudfront, when("StringEquals", "AWS:SourceArn", `"`+source+`"`), ""},
		"another distribution":              {cloudfront, when("StringEquals", "AWS:SourceArn", `"x"`), nothing + " (the policy: Condition StringEquals AWS:SourceArn x doesn't hold, it is " + source + ")"},
		"any distribution of the account":   {cloudfront, when("ArnLike", "aws:SourceArn", `"arn:aws:cloudfront::111122223333:distribution/*"`), ""},
		"any distribution, as a string":     {cloudfront, when("StringLike", "AWS:sourcearn", `["x","arn:aws:cloudfront::*:distribution/E*"]`), ""},
		"a wildcard in StringEquals":        {cloudfront, when("StringEquals", "aws:SourceArn", `"arn:aws:cloudfront::111122223333:distribution/*"`), "doesn't hold, it is " + source + ")"},
		"a wildcard over colons in ArnLike": {cloudfront, when("ArnLike", "aws:SourceArn", `"arn:*"`), "doesn't hold, it is " + source + ")"},
		"the account":                       {cloudfront, when("StringEquals", "aws:SourceAccount", `"111122223333"`), ""},
		"not that account":                  {cloudfront, when("StringNotEquals", "aws:SourceAccount", `"111122223333"`), "doesn't hold, it is 111122223333)"},
		"a key that it lacks":               {cloudfront, when("StringEquals", "aws:Referer", `"x"`), "Condition StringEquals aws:Referer x doesn't hold, the request has none)"},
		"not a key that it lacks":           {cloudfront, when("StringNotLike", "aws:Referer", `"x"`), ""},
		"a key that it lacks, if it exists": {cloudfront, when("StringEqualsIfExists", "aws:Referer", `"x"`), ""},
		"a key that must be missing":        {cloudfront, when("Null", "aws:Referer", `"true"`), ""},
		"a key that must exist":             {cloudfront, when("Null", "aws:Referer", `"false"`), "the request has none)"},
		"an address":                        {cloudfront, when("IpAddress", "aws:SourceIp", `["10.0.0.0/8","203.0.113.7"]`), "aws:SourceIp 10.0.0.0/8, 203.0.113.7 doesn't hold, it is 127.0.0.1)"},
		"a network":                         {cloudfront, when("IpAddress", "aws:SourceIp", `["127.0.0.0/8","10.0.0.0/8"]`), ""},
		"one address":                       {cloudfront, when("IpAddress", "aws:SourceIp", `"127.0.0.1"`), ""},
		"no network":                        {cloudfront, when("NotIpAddress", "aws:SourceIp", `"127.0.0.0/8"`), "doesn't hold, it is 127.0.0.1)"},
		"a TLS version":                     {cloudfront, when("NumericGreaterThanEquals", "s3:TlsVersion", `1.2`), ""},
		"a newer TLS version":               {cloudfront, when("NumericGreaterThan", "s3:TlsVersion", `1.3`), "doesn't hold, it is 1.3)"},
		"a boolean":                         {cloudfront, when("Bool", "aws:PrincipalIsAWSService", `true`), ""},
		"a key of another service":          {cloudfront, when("StringEquals", "lambda:FunctionUrlAuthType", `"NONE"`), "the request has none)"},
		"two conditions, one false":         {cloudfront, allow(service + `,"Condition":{"Bool":{"aws:SecureTransport":"true"},"StringEquals":{"aws:UserAgent":"x"}}`), "aws:UserAgent x doesn't hold, it is Amazon CloudFront)"},
		"another service":                   {cloudfront, by(`{"Service":"logging.s3.amazonaws.com"}`), "(the policy: Principal is logging.s3.amazonaws.com)"},
		"a service by its role":             {cloudfront, by(`{"AWS":"arn:aws:sts::000000000000:assumed-role/r/s"}`), "assumed-role/r/s)"},
		"everybody":                         {cloudfront, by(`"*"`), ""},
		"everybody, as AWS":                 {nobody, by(`{"AWS":["*"]}`), ""},
		"nobody":                            {nobody, by(`{"AWS":""}`), "for an unsigned request (the policy: Principal is )"},
		"a user":                            {user, by(`{"AWS":"arn:aws:iam::999999999999:user/ada"}`), ""},
		"an account by id":                  {user, by(`{"AWS":["1","999999999999"]}`), ""},
		"an account by its root":            {user, by(`{"AWS":"arn:aws-cn:iam::999999999999:root"}`), ""},
		"another account":                   {user, by(`{"AWS":"arn:aws:iam::888888888888:root"}`), "for arn:aws:iam::999999999999:user/ada (the policy: Principal is 888888888888)"},
		"another resource":                  {cloudfront, strings.Replace(by(`"*"`), "site/*", "site/private/*", 1), "(the policy: Resource is arn:aws:s3:::site/private/*)"},
		"all resources of a service":        {cloudfront, strings.Replace(by(`"*"`), "arn:aws:s3:::site/*", "arn:aws:s3:*", 1), ""},
		"all but a resource":                {cloudfront, `{"Effect":"Allow","Action":"*","Principal":"*","NotResource":["arn:aws:s3:::site/*"]}`, "NotResource is arn:aws:s3:::site/*)"},
		"all but another resource":          {cloudfront, `{"Effect":"Allow","Action":"*","Principal":"*","NotResource":"arn:aws:s3:::other/*"}`, ""},
		"another action":                    {cloudfront, strings.Replace(by(`"*"`), "GetObject", "PutObject", 1), nothing},
		"a wildcard, whatever the case":     {cloudfront, strings.Replace(by(`"*"`), "s3:GetObject", "S3:get*", 1), ""},
		"all but an action":                 {cloudfront, `{"Effect":"Allow","NotAction":["s3:Get*"],"Principal":"*","Resource":"*"}`, nothing},
		"all but another action":            {cloudfront, `{"Effect":"Allow","NotAction":"s3:PutObject","Principal":"*","Resource":"*"}`, ""},
		"two that nearly match": {cloudfront, by(`{"AWS":"1"}`) + "," + strings.Replace(by(`"*"`), `{"Effect"`, `{"Sid":"Two","Effect"`, 1) + "," + deny(`"Resource":"arn:aws:s3:::site/*"`),
			"statement No of the policy denies s3:GetObject on arn:aws:s3:::site/a:b for cloudfront.amazonaws.com acting for " + source},
		"none of several":          {cloudfront, by(`{"AWS":"1"}`) + "," + by(`{"AWS":"2"}`), "(Statement[0] of the policy: Principal is 1; Statement[1] of the policy: Principal is 2)"},
		"denied before":            {cloudfront, `{"Effect":"Deny","Action":"*","Principal":"*","Resource":"*"},` + all, "Statement[0] of the policy denies s3:GetObject"},
		"denied elsewhere":         {cloudfront, deny(`"Resource":"arn:aws:s3:::other/*"`), ""},
		"denied without HTTPS":     {cloudfront, deny(`"Resource":"*","Condition":{"Bool":{"aws:SecureTransport":"false"}}`), ""},
		"a resource that's broken": {cloudfront, `{"Sid":"Odd","Effect":"Allow","Action":"*","Principal":"*","Resource":"broken"}`, "(statement Odd of the policy: it can't be evaluated: Resource: refers to Nobody)"},
		"broken, but permitted":    {cloudfront, `{"Effect":"Allow","Action":"*","Principal":"*","Resource":"broken"},` + all, ""},
		"broken, but not asked":    {cloudfront, `{"Effect":"Allow","Action":"s3:Put*","Principal":"*","Resource":"broken"},` + all, ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			denial := Decide(get(test.who), "policy of site", New("the policy", statements(t, test.policy)...))
			switch {
			case denial == nil && test.denial == "":
			case denial == nil, test.denial == "":
				t.Errorf("got %v, want %q", denial, test.denial)
			case !strings.HasPrefix(denial.Error(), test.denial) && !strings.HasSuffix(denial.Error(), test.denial):
				t.Errorf("got %q, want %q", denial, test.denial)
			case strings.Contains(denial.Error(), " denies ") != (denial.Hint != ""):
				t.Errorf("%q has the hint %q", denial, denial.Hint)
			}
		})
	}
}

func TestDecide_lets_any_policy_deny_a_trusted_caller(t *testing.T) {
	r := get(user)
	r.Trusted = true
	if denial := Decide(r, "policy"); denial != nil {
		t.Errorf("got %v", denial)
	}
	deny := New("the second", statements(t, `{"Effect":"Deny","Action":"*","Principal":{"AWS":"999999999999"},"Resource":"*"}`)...)
	if denial := Decide(r, "policy", New("the first"), deny); denial == nil || !strings.HasPrefix(denial.Error(), "the second denies ") {
		t.Errorf("got %v, want that the second policy denies", denial)
	}
}

// Before the first request, only what can't be permitted later is denied.
func TestDecide_of_a_resource_that_is_not_known_yet(t *testing.T) {
	const service = `"Principal":{"Service":"cloudfront.amazonaws.com"}`
	for policy, want := range map[string]string{
		``: "no policy of site allows s3:GetObject for cloudfront.amazonaws.com acting for " + source,
		`{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::site/public/*",` + service + `}`:                                                                                   "",
		`{"Effect":"Allow","Action":"s3:*","Resource":"*",` + service + `,"Condition":{"StringEquals":{"aws:Referer":"secret"}}}`:                                                      "",
		`{"Effect":"Allow","Action":"s3:*","Resource":"*",` + service + `,"Condition":{"StringEquals":{"aws:SourceArn":"x"}}}`:                                                         "aws:SourceArn x doesn't hold",
		`{"Effect":"Allow","Action":"s3:*","Resource":"*",` + service + `},{"Effect":"Deny","Action":"s3:*","Principal":"*","Resource":"*"}`:                                           "",
		`{"Effect":"Allow","Action":"s3:*","Resource":"*",` + service + `},{"Effect":"Deny","Action":"s3:*","Principal":"*","NotResource":"x","Condition":{"Null":{"aws:Referer":1}}}`: "",
	} {
		r := get(cloudfront)
		r.Resource = ""
		denial := Decide(r, "policy of site", New("the policy", statements(t, policy)...))
		if (denial == nil) != (want == "") || denial != nil && !strings.Contains(denial.Error(), want) {
			t.Errorf("%s: got %v, want %q", policy, denial, want)
		}
	}
}

func TestCheck_rejects_what_cannot_be_evaluated(t *testing.T) {
	statement := func(rest string) string {
		return `{"Sid":"S","Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"*",` + rest + `}`
	}
	for policy, want := range map[string]string{
		statement(`"Condition":{"DateEquals":{"aws:SourceArn":"x"}}`):                      "Statement[0].Condition.DateEquals.aws:SourceArn: the condition operator DateEquals isn't supported locally",
		statement(`"Condition":{"ForAnyValue:StringEquals":{"aws:SourceArn":"x"}}`):        "the condition operator ForAnyValue:StringEquals isn't supported locally",
		statement(`"Condition":{"StringEquals":{"aws:SourceVpce":"x"}}`):                   "Statement[0].Condition.StringEquals.aws:SourceVpce: the condition key aws:SourceVpce",
		statement(`"Condition":{"StringEquals":{"aws:Referer":"${aws:x}"}}`):               "policy variables",
		statement(`"Condition":{"StringEquals":"x"}`):                                      "Statement[0].Condition: isn't a condition",
		statement(`"Condition":{"StringEquals":{"aws:Referer":[["x"]]}}`):                  "Statement[0].Condition.StringEquals.aws:Referer: [x] isn't a string",
		statement(`"NotPrincipal":"x"`):                                                    "Statement[0].NotPrincipal: isn't supported locally",
		statement(`"Resource":{}`):                                                         "Statement[0].Resource: map[] isn't a string",
		`{"Effect":"Allowed","Action":"*"}`:                                                `Statement[0].Effect: "Allowed" isn't an effect`,
		`{"Effect":"Allow","Action":"*","Resource":"*","Principal":{"Who":"x"}}`:           "Statement[0].Principal.Who: unknown type",
		`{"Effect":"Allow","Action":"*","Resource":"*","Principal":"x"}`:                   "Statement[0].Principal: x isn't a principal",
		`{"Effect":"Allow","Action":"*","Resource":"*","Principal":{}}`:                    "Statement[0].Principal: map[] isn't a principal",
		`{"Effect":"Allow","Action":"*","Resource":"*"}`:                                   "Statement[0].Principal: is missing",
		statement(`"Sid":"T"`) + `,{"Effect":"Deny","NotAction":"x","Principal":"broken"}`: "Statement[1].Principal: refers to Nobody",
	} {
		err := New("the policy", statements(t, policy)...).Check("s3:ListBucket", "s3:GetObject")
		if err == nil || !strings.HasPrefix(err.Error()+"\x00", want) && !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %q", policy, err, want)
		}
		if err != nil && fault.HintOf(err) == "" && !strings.Contains(policy, "broken") {
			t.Errorf("%v has no hint", err)
		}
	}
	// A log delivery statement has nothing to do with reading.
	passed := `{"Effect":"Allow","Action":"s3:GetBucketAcl","Principal":{"Service":"x"},"Resource":"*","Condition":{"IpAddress":{"aws:SourceIp":"x"}}}`
	if err := New("the policy", statements(t, passed)...).Check("s3:GetObject"); err != nil {
		t.Errorf("a statement about another action: %v", err)
	}
}

func TestStatement_asks_for_its_elements_once(t *testing.T) {
	asked := 0
	policy := New("the policy", Statement{Effect: "Allow", Action: []string{"*"}, Principal: Literal{"*"}, Resource: counted{&asked}})
	for range 3 {
		if denial := Decide(get(user), "policy", policy); denial != nil {
			t.Fatal(denial)
		}
	}
	if asked != 1 {
		t.Errorf("asked %d times, want once", asked)
	}
}

type counted struct{ times *int }

func (c counted) Value() (any, error) { *c.times++; return "*", nil }
