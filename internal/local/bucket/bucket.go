package bucket

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"

	"github.com/cloudfurl/cloudfurl/internal/local/sigv4"
)

// Config says what bucket to play.
type Config struct {
	// Name is the bucket's name. Required.
	Name string

	// Region is the bucket's region, which signatures are scoped to. Required.
	Region string

	// Account is the id of the account that owns the bucket. Required.
	Account string

	// Hosts are the domain names of the REST endpoint. A request for any other
	// name is for another bucket. Required.
	Hosts []string

	// Layers are what deployments put into the bucket, one after the other.
	// Default: no object.
	Layers []Layer

	// Policy is the bucket policy.
	// Default: nil, a bucket without a policy.
	Policy *Policy

	// BlocksPublic says that Block Public Access keeps a policy from letting
	// everybody in, as it does in every new bucket.
	// See: https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
	// Default: false
	BlocksPublic bool

	// Verifier checks signatures. Required.
	Verifier *sigv4.Verifier
}

// A Bucket is the REST endpoint of one bucket. It is safe for concurrent use
// and holds no file open between requests.
type Bucket struct {
	config Config
	etags  etags
	log    *slog.Logger
}

// New returns the bucket. An error names what of config is missing, or a layer
// that cannot be served and why.
func New(config Config, log *slog.Logger) (*Bucket, error) {
	switch {
	case config.Name == "" || config.Region == "" || config.Account == "":
		return nil, fmt.Errorf("bucket %q: Name, Region and Account must all be given", config.Name)
	case len(config.Hosts) == 0:
		return nil, fmt.Errorf("bucket %s: give it at least one host", config.Name)
	case config.Verifier == nil:
		return nil, fmt.Errorf("bucket %s: give it a verifier", config.Name)
	}
	layers := make([]Layer, len(config.Layers))
	for i, layer := range config.Layers {
		if err := layer.prepare(); err != nil {
			return nil, fmt.Errorf("bucket %s: %w", config.Name, err)
		}
		layers[i] = layer
	}
	config.Layers = layers
	return &Bucket{config: config, log: log}, nil
}

// RoundTrip serves one request of the REST endpoint, which is anonymous if it
// is not signed. The response's body is the file itself, read as it is asked
// for; close it. There is no error: everything is a response, as on S3.
func (b *Bucket) RoundTrip(req *http.Request) (*http.Response, error) {
	defer closeBody(req)
	caller, refused := b.authenticate(req)
	if refused != nil {
		return b.refuse(req, *refused), nil
	}
	return b.serve(req, caller), nil
}

// An OriginAccessIdentity is CloudFront's legacy user of S3.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-s3.html#private-content-restricting-access-to-s3-oai
type OriginAccessIdentity struct {
	// ID is the identity's id. Required.
	ID string

	// CanonicalUserID is its name in S3.
	// Default: policies can name it by its ARN only.
	CanonicalUserID string
}

// As returns the REST endpoint as the identity reaches it, whatever the
// requests are signed with.
func (b *Bucket) As(identity OriginAccessIdentity) http.RoundTripper {
	return asIdentity{b, identity}
}

type asIdentity struct {
	bucket   *Bucket
	identity OriginAccessIdentity
}

func (t asIdentity) RoundTrip(req *http.Request) (*http.Response, error) {
	defer closeBody(req)
	return t.bucket.serve(req, caller{oai: &t.identity}), nil
}

// serve answers a request of a known caller.
func (b *Bucket) serve(req *http.Request, who caller) *http.Response {
	target, refused := b.target(req)
	if refused == nil {
		refused = b.authorize(req, who, target)
	}
	if refused != nil {
		return b.refuse(req, *refused)
	}
	found, err := b.find(target.key)
	if err != nil {
		return b.refuse(req, b.missing(req, who, target, err))
	}
	return b.answer(req, who, found)
}

// missing says why there is no object. Whether there is none is told only to
// those who may list the bucket.
//
// See: https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html#API_GetObject_RequestSyntax
func (b *Bucket) missing(req *http.Request, who caller, target target, err error) refusal {
	if unreadable := (*unreadableError)(nil); errors.As(err, &unreadable) {
		return refusal{
			status: http.StatusInternalServerError, code: codeInternalError,
			cause: "the object " + target.key + " cannot be read: " + unreadable.Error(),
			cure:  "make it a regular file that this user can read, inside the directory itself",
		}
	}
	why := "bucket " + b.config.Name + " has no object " + target.key
	if len(b.config.Layers) == 0 {
		why += ", as the local edge has no content for it"
	}
	if lacks := b.permits(req, who, actionList, b.arn()); lacks != nil {
		return refusal{
			status: http.StatusForbidden, code: codeAccessDenied,
			cause: why + "; S3 says so only to callers with " + actionList,
			cure:  "deploy the object, or let " + who.String() + " do " + actionList + " on " + b.arn() + " to get a 404",
		}
	}
	return refusal{
		status: http.StatusNotFound, code: codeNoSuchKey, key: target.key,
		cause: why, cure: "deploy the object under that key; keys are case-sensitive and name no directories",
	}
}

func (b *Bucket) arn() string { return "arn:" + partition(b.config.Region) + ":s3:::" + b.config.Name }

func closeBody(req *http.Request) {
	if req.Body != nil {
		req.Body.Close()
	}
}
