package sigv4

import (
	"net/http"
	"testing"
	"time"
)

// The examples of requests to S3, whose path is escaped once.
//
// See: https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
func TestVerifier_accepts_the_examples_of_S3(t *testing.T) {
	const scope = "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,"
	v := Verifier{
		Now: func() time.Time { return time.Date(2013, 5, 24, 0, 0, 0, 0, time.UTC) },
		Lookup: func(string) (Identity, bool) {
			return Identity{Credentials: Credentials{AccessKeyID: "AKIAIOSFODNN7EXAMPLE", SecretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"}}, true
		},
	}
	tests := []struct {
		name, method, path, hash, authorization string
		header                                  map[string]string
	}{
		{"GET Object", http.MethodGet, "/test.txt", EmptyPayloadHash,
			scope + "SignedHeaders=host;range;x-amz-content-sha256;x-amz-date,Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
			map[string]string{"Range": "bytes=0-9"}},
		{"PUT Object", http.MethodPut, "/test%24file.text", "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072",
			scope + "SignedHeaders=date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class,Signature=98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd",
			map[string]string{"Date": "Fri, 24 May 2013 00:00:00 GMT", "X-Amz-Storage-Class": "REDUCED_REDUNDANCY"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			req := newRequest(t, test.method, "https://examplebucket.s3.amazonaws.com"+test.path, "")
			req.Header.Set("X-Amz-Date", "20130524T000000Z")
			req.Header.Set("X-Amz-Content-Sha256", test.hash)
			req.Header.Set("Authorization", test.authorization)
			for name, value := range test.header {
				req.Header.Set(name, value)
			}
			if _, err := v.Verify(req, test.hash, ServiceS3, "us-east-1"); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestVerifier_accepts_the_path_of_S3_as_it_is(t *testing.T) {
	tests := []struct {
		signed, sent string
		ok           bool
	}{
		{"/a%20b/../c//d", "/a%20b/../c//d", true},
		{"/c/d", "/b/../c//d", false},
		{"/b/../c//d", "/c/d", false},
	}
	for _, test := range tests {
		req := newRequest(t, http.MethodGet, "https://h"+test.signed, "")
		req.Header.Set("X-Amz-Content-Sha256", UnsignedPayload)
		Sign(req, UnsignedPayload, testKey.Credentials, ServiceS3, "eu-west-1", testTime)
		req.URL = newRequest(t, http.MethodGet, "https://h"+test.sent, "").URL
		if _, err := testVerifier().Verify(req, UnsignedPayload, ServiceS3, "eu-west-1"); (err == nil) != test.ok {
			t.Errorf("%s, signed as %s: got %v", test.sent, test.signed, err)
		}
	}
}
