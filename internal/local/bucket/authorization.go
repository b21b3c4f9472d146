package bucket

import (
	"cmp"
	"errors"
	"net/http"

	"github.com/cloudfurl/cloudfurl/internal/contract"
	"github.com/cloudfurl/cloudfurl/internal/fault"
	"github.com/cloudfurl/cloudfurl/internal/local/iam"
	"github.com/cloudfurl/cloudfurl/internal/local/sigv4"
)

// Denial returns why a caller, or the origin access identity, may read no object, before it
// asks for one.
func (b *Bucket) Denial(by sigv4.Identity) *fault.Error {
	if b.identity != nil {
		by = b.identity.caller()
	}
	return b.denial(nil, by, actionGet, "")
}

// denial returns why the caller may not do the action, or nil if it may. The
// bucket's account needs no statement: its callers are administrators, or roles with
// policies of their own.
func (b *Bucket) denial(req *http.Request, who sigv4.Identity, action, resource string) *fault.Error {
	r := iam.NewRequest(who, req)
	r.Action, r.Resource, r.Paths = action, resource, b.config.Paths
	own := who.Service == "" && who.Account == b.config.Account
	var denial *fault.Error
	if own && b.config.Access != nil {
		denial = b.config.Access(who, r)
	}
	if r.Trusted = own; denial == nil {
		denial = iam.Decide(r, "policy of the bucket "+cmp.Or(b.config.Paths[b.config.ARN], b.config.Name), b.config.Policies...)
	}
	switch {
	case denial != nil:
		denial.Hint = cmp.Or(denial.Hint, b.hint(who, r))
		return denial
	case r.Anonymous() && b.config.BlocksPublic:
		return fault.New("give the origin an origin access control, or set BlockPublicPolicy and RestrictPublicBuckets of PublicAccessBlockConfiguration to false",
			"the request isn't signed, and Block Public Access overrules the policy of %s", b.config.Name)
	}
	return nil
}

// hint returns the statement that would permit the action.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-s3.html
func (b *Bucket) hint(who sigv4.Identity, r iam.Request) string {
	if r.Anonymous() {
		return "give the origin an origin access control, and permit cloudfront.amazonaws.com " + r.Action + " in the bucket policy"
	}
	resource := b.config.ARN
	if r.Action != actionList {
		resource += "/*"
	}
	statement := "add to the bucket policy: Effect Allow, Action " + r.Action + ", Resource " + b.config.Paths.ARNOf(resource)
	switch {
	case who.Service != "":
		return statement + ", Principal.Service " + who.Service + ", Condition.StringEquals AWS:SourceArn " + b.config.Paths.ARNOf(who.SourceARN)
	case who.Account == "":
		return statement + ", Principal.CanonicalUser the identity's S3CanonicalUserId"
	}
	return statement + ", Principal.AWS " + who.ARN
}

// caller returns the identity as policies name it.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-s3.html#private-content-restricting-access-to-s3-oai
func (i OriginAccessIdentity) caller() sigv4.Identity {
	return sigv4.Identity{ARN: "arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity " + i.ID, UserID: i.CanonicalUserID}
}

// authenticate returns who signed the request, or nobody. The payload's hash is taken as the
// request declares it: reading has no payload.
//
// See: https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
func (b *Bucket) authenticate(req *http.Request) (sigv4.Identity, *rejection) {
	if b.identity != nil {
		return b.identity.caller(), nil
	}
	if len(req.Header["Authorization"]) == 0 {
		return sigv4.Identity{}, nil
	}
	hash := req.Header.Get(contract.HeaderContentSHA256)
	identity, err := b.config.Verifier.Verify(req, hash, sigv4.ServiceS3, b.config.Region)
	if err != nil {
		return identity, unauthenticated(err)
	}
	return identity, nil
}

func unauthenticated(err error) *rejection {
	bad := new(sigv4.Error)
	errors.As(err, &bad)
	r := rejected("SignatureDoesNotMatch", cmp.Or(bad.Detail, bad.Message), bad.Hint)
	switch bad.Code {
	case sigv4.MissingAuthenticationToken:
		r.code = "InvalidArgument"
		r.hint = "let origin access control overwrite the viewer's Authorization (SigningBehavior always), or don't forward it"
	case sigv4.IncompleteSignature:
		r.code = "AuthorizationHeaderMalformed"
	case sigv4.UnrecognizedClient:
		r.code = "InvalidAccessKeyId"
	}
	return r
}
