package sigv4

import (
	"errors"
	"testing"
)

// formExample is the example of AWS's documentation.
//
// See: https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-post-example.html
func formExample() map[string]string {
	return map[string]string{
		"policy":           "eyAiZXhwaXJhdGlvbiI6ICIyMDE1LTEyLTMwVDEyOjAwOjAwLjAwMFoiLA0KICAiY29uZGl0aW9ucyI6IFsNCiAgICB7ImJ1Y2tldCI6ICJzaWd2NGV4YW1wbGVidWNrZXQifSwNCiAgICBbInN0YXJ0cy13aXRoIiwgIiRrZXkiLCAidXNlci91c2VyMS8iXSwNCiAgICB7ImFjbCI6ICJwdWJsaWMtcmVhZCJ9LA0KICAgIHsic3VjY2Vzc19hY3Rpb25fcmVkaXJlY3QiOiAiaHR0cDovL3NpZ3Y0ZXhhbXBsZWJ1Y2tldC5zMy5hbWF6b25hd3MuY29tL3N1Y2Nlc3NmdWxfdXBsb2FkLmh0bWwifSwNCiAgICBbInN0YXJ0cy13aXRoIiwgIiRDb250ZW50LVR5cGUiLCAiaW1hZ2UvIl0sDQogICAgeyJ4LWFtei1tZXRhLXV1aWQiOiAiMTQzNjUxMjM2NTEyNzQifSwNCiAgICB7IngtYW16LXNlcnZlci1zaWRlLWVuY3J5cHRpb24iOiAiQUVTMjU2In0sDQogICAgWyJzdGFydHMtd2l0aCIsICIkeC1hbXotbWV0YS10YWciLCAiIl0sDQoNCiAgICB7IngtYW16LWNyZWRlbnRpYWwiOiAiQUtJQUlPU0ZPRE5ON0VYQU1QTEUvMjAxNTEyMjkvdXMtZWFzdC0xL3MzL2F3czRfcmVxdWVzdCJ9LA0KICAgIHsieC1hbXotYWxnb3JpdGhtIjogIkFXUzQtSE1BQy1TSEEyNTYifSwNCiAgICB7IngtYW16LWRhdGUiOiAiMjAxNTEyMjlUMDAwMDAwWiIgfQ0KICBdDQp9",
		"x-amz-algorithm":  "AWS4-HMAC-SHA256",
		"x-amz-credential": "AKIAIOSFODNN7EXAMPLE/20151229/us-east-1/s3/aws4_request",
		"x-amz-date":       "20151229T000000Z",
		"x-amz-signature":  "8afdbf4008c03f22c2cd3cdb72e4afbb1f6a588f3255ac628749a66d7f09699e",
	}
}

func verifyForm(fields map[string]string, token string) (Identity, error) {
	v := &Verifier{Lookup: func(id string) (Identity, bool) {
		holder := Identity{Credentials: Credentials{AccessKeyID: id, SecretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", SessionToken: token}}
		return holder, id == "AKIAIOSFODNN7EXAMPLE"
	}}
	return v.VerifyForm(func(name string) string { return fields[name] }, "us-east-1")
}

func TestVerifyForm_accepts_the_example_of_AWS(t *testing.T) {
	identity, err := verifyForm(formExample(), "")
	if err != nil || identity.Credentials.AccessKeyID != "AKIAIOSFODNN7EXAMPLE" {
		t.Errorf("got %+v and %v", identity, err)
	}
	fields := formExample()
	fields["x-amz-security-token"] = "token"
	if _, err := verifyForm(fields, "token"); err != nil {
		t.Errorf("temporary credentials: %v", err)
	}
}

func TestVerifyForm_rejects_what_was_not_signed(t *testing.T) {
	for name, test := range map[string]struct{ field, value, code string }{
		"another policy":    {"policy", "e30=", InvalidSignature},
		"another signature": {"x-amz-signature", "00", InvalidSignature},
		"another day":       {"x-amz-date", "20151230T000000Z", InvalidSignature},
		"no date":           {"x-amz-date", "", IncompleteSignature},
		"another region":    {"x-amz-credential", "AKIAIOSFODNN7EXAMPLE/20151229/eu-west-1/s3/aws4_request", InvalidSignature},
		"another service":   {"x-amz-credential", "AKIAIOSFODNN7EXAMPLE/20151229/us-east-1/lambda/aws4_request", InvalidSignature},
		"another key":       {"x-amz-credential", "AKIAOTHER/20151229/us-east-1/s3/aws4_request", UnrecognizedClient},
		"a token too much":  {"x-amz-security-token", "token", UnrecognizedClient},
		"another algorithm": {"x-amz-algorithm", "AWS4-ECDSA-P256-SHA256", MissingAuthenticationToken},
	} {
		fields := formExample()
		fields[test.field] = test.value
		var bad *Error
		if _, err := verifyForm(fields, ""); !errors.As(err, &bad) || bad.Code != test.code {
			t.Errorf("%s: got %v, want %s", name, err, test.code)
		}
	}
	if _, err := verifyForm(formExample(), "token"); err == nil {
		t.Error("a form without its token passes")
	}
}
