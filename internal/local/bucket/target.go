package bucket

import (
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"
)

// Actions of the bucket policy.
//
// See: https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html
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

// subresources are the query parameters that ask for something else than the
// object.
//
// See: https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations_Amazon_Simple_Storage_Service.html
var subresources = []string{
	"acl", "attributes", "cors", "delete", "encryption", "legal-hold", "lifecycle", "location", "logging", "notification",
	"object-lock", "partNumber", "policy", "policyStatus", "publicAccessBlock", "renameObject", "replication", "restore", "retention",
	"select", "tagging", "torrent", "uploadId", "uploads", "versionId", "versioning", "versions", "website",
}

// A target is what a request is about.
type target struct {
	key    string
	action string

	// notPlayed is empty, or the operation that the local edge does not play.
	notPlayed string
}

// target reads the request line. The key is what the path says once it is
// decoded, a plus sign as a space.
//
// Seen: imgix/js-core#88 and aws/aws-sdk-ruby#654, for the plus sign.
func (b *Bucket) target(req *http.Request) (target, *refusal) {
	if host := requestHost(req); !slices.Contains(b.config.Hosts, host) {
		// S3 takes the bucket's name from Host.
		return target{}, &refusal{
			status: http.StatusNotFound, code: codeNoSuchBucket,
			cause: "the request's Host is " + host + ", which S3 takes for the name of another bucket",
			cure:  "do not forward the viewer's Host to a bucket: leave it out of the origin request policy",
		}
	}
	key, err := url.QueryUnescape(strings.TrimPrefix(req.URL.EscapedPath(), "/"))
	switch {
	case err != nil || !utf8.ValidString(key):
		return target{}, &refusal{
			status: http.StatusBadRequest, code: codeInvalidURI,
			cause: "the path does not decode to UTF-8", cure: "percent-encode the key's UTF-8 bytes",
		}
	case len(key) > maxKey:
		return target{}, &refusal{
			status: http.StatusBadRequest, code: codeKeyTooLong,
			cause: "the key is longer than 1024 bytes", cure: "shorten the path, or OriginPath",
		}
	}
	t := target{key: key}
	switch req.Method {
	case http.MethodGet, http.MethodHead, "":
		t.action = actionGet
		if key == "" {
			t.action, t.notPlayed = actionList, "listing the bucket"
		}
	case http.MethodPut:
		t.action, t.notPlayed = actionPut, "PUT"
	case http.MethodDelete:
		t.action, t.notPlayed = actionDelete, "DELETE"
	case http.MethodOptions:
		// See: https://docs.aws.amazon.com/AmazonS3/latest/API/API_control_OPTIONSobject.html
		return t, &refusal{
			status: http.StatusForbidden, code: codeAccessForbidden,
			cause: "the local edge does not play the bucket's CorsConfiguration", cure: "answer preflights with a response headers policy of the distribution",
		}
	default:
		// Inferred: 405 comes before the policy is asked.
		return t, &refusal{
			status: http.StatusMethodNotAllowed, code: codeMethodNotAllowed,
			cause: "S3 takes no " + req.Method + " of an object", cure: "send " + req.Method + " to another origin",
		}
	}
	query := req.URL.Query()
	for _, name := range subresources {
		if query.Has(name) {
			t.notPlayed = req.Method + " with the query parameter " + name
		}
	}
	return t, nil
}

// authorize returns why the caller may not do what the request asks for.
func (b *Bucket) authorize(req *http.Request, who caller, t target) *refusal {
	resource := b.arn() + "/" + t.key
	if t.action == actionList {
		resource = b.arn()
	}
	if lacks := b.permits(req, who, t.action, resource); lacks != nil {
		return lacks
	}
	if t.notPlayed != "" {
		cure := "test it on AWS"
		if t.action == actionList {
			cure = "set the distribution's DefaultRootObject, so that / is an object"
		}
		return &refusal{
			status: http.StatusNotImplemented, code: codeNotImplemented,
			cause: "the local edge does not play " + t.notPlayed + " of S3", cure: cure,
		}
	}
	return nil
}

func requestHost(req *http.Request) string {
	host := req.Host
	if host == "" {
		host = req.URL.Host
	}
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	return strings.ToLower(host)
}

// partition returns the partition of a region.
//
// See: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
func partition(region string) string {
	switch {
	case strings.HasPrefix(region, "cn-"):
		return "aws-cn"
	case strings.HasPrefix(region, "us-gov-"):
		return "aws-us-gov"
	}
	return "aws"
}
