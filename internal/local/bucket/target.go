package bucket

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/cloudfurl/cloudfurl/internal/local/sigv4"
	"github.com/cloudfurl/cloudfurl/internal/local/trace"
)

// Actions are those that requests from CloudFront need.
//
// See: https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html
var Actions = []string{actionGet, actionPut, actionDelete, actionList}

const (
	actionGet    = "s3:GetObject"
	actionPut    = "s3:PutObject"
	actionDelete = "s3:DeleteObject"
	actionList   = "s3:ListBucket"
)

// maxKey is the longest key, in bytes of UTF-8.
//
// See: https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html
const maxKey = 1024

// A target is what a request asks for.
type target struct {
	key    string
	action string

	// unsupported names an operation that isn't supported locally; it is empty
	// for reading an object.
	unsupported string
}

// target reads the request line. The key is the decoded path, with a plus sign as
// a space.
//
// Seen: imgix/js-core#88 and aws/aws-sdk-ruby#654, for the plus sign.
func (b *Bucket) target(req *http.Request) (target, *rejection) {
	if host := strings.ToLower(cmp.Or(req.Host, req.URL.Host)); !slices.Contains(b.config.Hosts, host) {
		return target{}, rejected("NoSuchBucket", "S3 takes the bucket's name from Host, and that is "+host,
			"don't forward the viewer's Host to a bucket: leave it out of the origin request policy")
	}
	key, err := url.QueryUnescape(strings.TrimPrefix(req.URL.EscapedPath(), "/"))
	switch {
	case err != nil || !utf8.ValidString(key):
		return target{}, rejected("InvalidURI", "the path doesn't decode to UTF-8", "percent-encode the key's UTF-8 bytes")
	case len(key) > maxKey:
		return target{}, rejected("KeyTooLongError", "the key is longer than 1024 bytes", "shorten the path, or OriginPath")
	}
	t := target{key: key}
	switch req.Method {
	case http.MethodGet, http.MethodHead, "":
		t.action = actionGet
		if key == "" {
			t.action, t.unsupported = actionList, "listing the bucket"
		}
	case http.MethodPut:
		t.action, t.unsupported = actionPut, "PUT"
	case http.MethodDelete:
		t.action, t.unsupported = actionDelete, "DELETE"
	case http.MethodOptions:
		// See: https://docs.aws.amazon.com/AmazonS3/latest/API/API_control_OPTIONSobject.html
		return t, rejected("AccessForbidden", "the bucket's CorsConfiguration isn't supported locally", "let a response headers policy of the distribution respond to preflights")
	default:
		// Inferred: 405 comes before the policy is evaluated.
		return t, rejected("MethodNotAllowed", "S3 rejects "+req.Method+" of an object", "send "+req.Method+" to another origin")
	}
	return t, nil
}

func (b *Bucket) authorize(req *http.Request, who sigv4.Identity, t target) *rejection {
	resource := b.config.ARN + "/" + t.key
	if t.action == actionList {
		resource = b.config.ARN
	}
	if denial := b.denial(req, who, t.action, resource); denial != nil {
		trace.FromContext(req.Context()).Missing(denial.Err)
		return rejected("AccessDenied", denial.Problem, denial.Hint)
	}
	if t.unsupported != "" {
		hint := "test it on AWS"
		if t.action == actionList {
			hint = "set the distribution's DefaultRootObject, so that / is an object"
		}
		return rejected("NotImplemented", t.unsupported+" isn't supported for local buckets", hint)
	}
	return nil
}
