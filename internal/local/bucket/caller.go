package bucket

import (
	"cmp"
	"errors"
	"net/http"

	"github.com/cloudfurl/cloudfurl/internal/contract"
	"github.com/cloudfurl/cloudfurl/internal/local/sigv4"
)

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
