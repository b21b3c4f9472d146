package bucket

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"sync"

	"github.com/cloudfurl/cloudfurl/internal/fault"
	"github.com/cloudfurl/cloudfurl/internal/local/iam"
	"github.com/cloudfurl/cloudfurl/internal/local/sigv4"
	"github.com/cloudfurl/cloudfurl/internal/local/trace"
)

// Config describes a bucket.
type Config struct {
	// Name is the bucket's name, and ARN its ARN. Required.
	Name, ARN string

	// Path is the construct path of the bucket, for traces. Default: Name
	Path string

	// Region is the bucket's region, which signatures are scoped to. Required.
	Region string

	// Account is the id of the account that owns the bucket. Required.
	Account string

	// Hosts are the domain names of the REST endpoint. A request for any other
	// name is for another bucket. Required.
	Hosts []string

	// Layers are what deployments put into the bucket, in order.
	// Default: no object
	Layers []Layer

	// Policies holds the bucket policy, if the bucket has one.
	// Default: none
	Policies []*iam.Policy

	// Access decides whether a caller of the bucket's account may do what is asked, by
	// the policies of the caller and the bucket. Default: all may
	Access func(who sigv4.Identity, r iam.Request) *fault.Error

	// Uploads is an empty directory for objects that forms put into the bucket, until
	// it is removed. Default: none, the bucket takes no form
	Uploads string

	// Paths names resources in messages. Default: none, by their ARNs
	Paths iam.Paths

	// BlocksPublic makes Block Public Access overrule a policy that permits
	// everyone, as it does in every new bucket.
	// See: https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
	// Default: false
	BlocksPublic bool

	// Verifier checks signatures. Required.
	Verifier *sigv4.Verifier
}

// A Bucket is the REST endpoint of one bucket. It is safe for concurrent use
// and holds no file open between requests.
type Bucket struct {
	config   Config
	log      *slog.Logger
	identity *OriginAccessIdentity // whose requests all are, if it isn't nil
	uploaded *sync.Map             // headers of objects that forms have stored, by key
}

// New returns the bucket. An error is a *fault.Error about the directory of a
// layer.
func New(config Config, log *slog.Logger) (*Bucket, error) {
	for _, layer := range config.Layers {
		if err := layer.check(); err != nil {
			return nil, err
		}
	}
	return &Bucket{config: config, log: log, uploaded: new(sync.Map)}, nil
}

// RoundTrip serves one request, anonymous if it isn't signed. The body of the
// response is the file itself: close it. The error is always nil, because S3
// reports everything in a response.
func (b *Bucket) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.Body != nil {
		defer req.Body.Close()
	}
	stage := trace.FromContext(req.Context()).Enter(trace.In, "S3", cmp.Or(b.config.Path, b.config.Name), "")
	defer stage.Leave(trace.Passed)
	caller, denied := b.authenticate(req)
	if denied != nil {
		return b.reject(req, denied), nil
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
	// Default: policies can name it by its ARN only
	CanonicalUserID string
}

// As returns the REST endpoint for requests of the identity, whatever they are
// signed with.
func (b *Bucket) As(identity OriginAccessIdentity) *Bucket {
	return &Bucket{b.config, b.log, &identity, b.uploaded}
}

// serve responds to a request of a known caller.
func (b *Bucket) serve(req *http.Request, who sigv4.Identity) *http.Response {
	target, denied := b.target(req)
	if denied == nil {
		denied = b.authorize(req, who, target)
	}
	if denied != nil {
		return b.reject(req, denied)
	}
	found, err := b.find(target.key)
	if err != nil {
		return b.reject(req, b.missing(req, who, target, err))
	}
	return b.send(req, found)
}

// missing returns the response for a key without an object. S3 tells only callers
// who may list the bucket that the object doesn't exist.
//
// See: https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html#API_GetObject_RequestSyntax
func (b *Bucket) missing(req *http.Request, who sigv4.Identity, target target, err error) *rejection {
	if !errors.Is(err, fs.ErrNotExist) {
		return rejected("InternalError", "can't read the object "+target.key+": "+err.Error(), "make it a regular file inside the directory that this user can read")
	}
	why := fmt.Sprintf("the bucket %s has no object %s", b.config.Name, target.key)
	if len(b.config.Layers) == 0 && b.config.Uploads == "" {
		why += ", because the local edge has no content for it"
	}
	if b.denial(req, who, actionList, b.config.ARN) != nil {
		return rejected("AccessDenied", why+"; S3 responds 404 only to callers with "+actionList,
			fmt.Sprintf("deploy the object, or permit %s on %s to get a 404", actionList, b.config.ARN))
	}
	missing := rejected("NoSuchKey", why, "deploy the object under that key; keys are case-sensitive and never name a directory")
	missing.key = target.key
	return missing
}
