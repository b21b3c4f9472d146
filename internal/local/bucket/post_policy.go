package bucket

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// A postPolicy says which forms its signature is for.
//
// See: https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTConstructPolicy.html
type postPolicy struct {
	Expiration time.Time
	Conditions []any // {"field": "value"} or ["operator", "$field", "value"]
}

// sizes are the sizes that an upload may have, in bytes.
type sizes struct{ minimum, maximum int64 }

// check returns S3's response to a file of another size, a *rejection, or nil.
func (s sizes) check(size int64) error {
	if size >= s.minimum && size <= s.maximum {
		return nil
	}
	r := rejected("EntityTooLarge", fmt.Sprintf("the file has %d bytes, and the policy permits %d to %d", size, s.minimum, s.maximum), "send a file of a size in the policy's content-length-range")
	if size < s.minimum {
		r.code = "EntityTooSmall"
	}
	return r
}

// check returns which sizes the policy of a form permits, or why it doesn't permit the
// form. Each field needs a condition.
//
// Seen: waynehoover/s3_direct_upload#107 and stackoverflow.com/q/54014351, for a condition
// that doesn't hold and a field without one.
func (f *form) check(bucket string) (permitted sizes, denied *rejection) {
	var p postPolicy
	text, err := base64.StdEncoding.DecodeString(f.field("policy"))
	if err != nil || json.Unmarshal(text, &p) != nil || p.Conditions == nil {
		return permitted, rejected("InvalidPolicyDocument", "the form's policy isn't JSON in base64, with expiration and conditions", "let an SDK make it")
	}
	if !time.Now().Before(p.Expiration) {
		return permitted, violated("Policy expired.")
	}
	permitted.maximum = maxUpload
	uncovered := maps.Clone(f.fields)
	f.fields["bucket"] = bucket
	for _, c := range p.Conditions {
		list := asList(c)
		minimum, isSize := list[1].(float64)
		if maximum, ok := list[2].(float64); ok && isSize && list[0] == "content-length-range" {
			permitted = sizes{max(permitted.minimum, int64(minimum)), min(permitted.maximum, int64(maximum))}
			continue
		}
		name := strings.ToLower(strings.TrimPrefix(fmt.Sprint(list[1]), "$"))
		if !f.holds(list[0], name, fmt.Sprint(list[2])) {
			return permitted, violated(fmt.Sprintf(`Policy Condition failed: ["%v", "%v", "%v"]`, list...))
		}
		delete(uncovered, name)
	}
	for _, name := range slices.Sorted(maps.Keys(uncovered)) {
		if name != "policy" && name != "x-amz-signature" && !strings.HasPrefix(name, "x-ignore-") {
			return permitted, violated("Extra input fields: " + name)
		}
	}
	return permitted, nil
}

func violated(problem string) *rejection {
	return &rejection{
		code: "AccessDenied", message: "Invalid according to Policy: " + problem,
		cause: "the form isn't what its policy permits: " + problem, hint: "sign a condition for each field that the form sends",
	}
}

// asList returns the three elements of a condition. One that isn't valid never holds.
func asList(condition any) []any {
	switch c := condition.(type) {
	case map[string]any:
		for name, value := range c {
			return []any{"eq", "$" + name, value}
		}
	case []any:
		if len(c) == 3 {
			return c
		}
	}
	return []any{nil, condition, nil}
}

// holds reports whether a condition holds for a field, which the form needs to have. A
// Content-Type with commas is a list, of which each has to begin with the value.
func (f *form) holds(operator any, name, want string) bool {
	got, ok := f.fields[name]
	if !ok || operator == "eq" {
		return ok && got == want
	}
	values := []string{got}
	if name == "content-type" {
		values = strings.Split(got, ",")
	}
	return operator == "starts-with" && !slices.ContainsFunc(values, func(v string) bool { return !strings.HasPrefix(v, want) })
}
