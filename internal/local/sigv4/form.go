package sigv4

import (
	"cmp"
	"crypto/hmac"
)

// VerifyForm returns the identity that signed the policy of a form for a bucket in the
// region. field returns the value of a form field, whose name is in lower case. When the
// signature expires is in the policy. An error is an [*Error].
//
// See: https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-authentication-HTTPPOST.html
func (v *Verifier) VerifyForm(field func(name string) string, region string) (Identity, error) {
	a, err := parseAuthorization(field("x-amz-algorithm") + " Credential=" + field("x-amz-credential") + ", SignedHeaders=none, Signature=" + field("x-amz-signature"))
	if err != nil {
		return Identity{}, err
	}
	if token := field("x-amz-security-token"); token != "" {
		a.tokens = []string{token}
	}
	if err := a.readTime(field("x-amz-date")); err != nil {
		return Identity{}, err
	}
	identity, err := v.holder(a.accessKeyID)
	if err != nil {
		return Identity{}, err
	}
	if err := cmp.Or(a.checkScope(ServiceS3, region), a.checkToken(identity.Credentials.SessionToken)); err != nil {
		return Identity{}, err
	}
	if !hmac.Equal([]byte(a.signature), []byte(signature(field("policy"), identity.Credentials.SecretAccessKey, a.scope()))) {
		return Identity{}, mismatch("the policy, the date, the scope or the secret key isn't the one that was signed", "send the fields of the presigned POST as they are")
	}
	return identity, nil
}
