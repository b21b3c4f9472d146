package sigv4

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"strings"
	"testing"
)

// The signatures that curl makes, as people will send them.
func TestVerifier_accepts_curl(t *testing.T) {
	curl, err := exec.LookPath("curl")
	if err != nil {
		t.Skip("no curl on this machine: the vectors of AWS cover the same ground")
	}
	if help, err := exec.Command(curl, "--help", "all").Output(); err != nil || !strings.Contains(string(help), "--aws-sigv4") {
		t.Skip("this curl cannot sign")
	}
	verifier := testVerifier()
	verifier.Now = nil
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err == nil {
			_, err = verifier.Verify(r, hashOf(string(body)), "lambda", "eu-west-1")
		}
		if err != nil {
			http.Error(w, err.Error()+" "+r.Header.Get("Authorization"), http.StatusForbidden)
			return
		}
		io.WriteString(w, "verified")
	}))
	defer server.Close()
	tests := map[string][]string{
		"get":                 {"/"},
		"head":                {"/", "--head"},
		"path":                {"/a/b.txt"},
		"query":               {"/?a=1&b=two"},
		"form":                {"/", "--data", "a=1&b=2"},
		"json":                {"/x", "--json", `{"a":1}`},
		"binary":              {"/x", "--data-binary", "@/bin/sh"},
		"put":                 {"/x", "--request", "PUT", "--data", "put"},
		"delete":              {"/x", "--request", "DELETE"},
		"declared hash":       {"/x", "--data", "put", "--header", "x-amz-content-sha256: " + hashOf("put")},
		"spaces in a header":  {"/x", "--header", "X-Note:  many   spaces  "},
		"spaces in x-amz-*":   {"/x", "--header", "X-Amz-Meta-Note: two  spaces"},
		"headers and cookies": {"/x", "--header", "Accept: text/plain", "--cookie", "a=b; c=d"},
	}
	for name, args := range tests {
		t.Run(name, func(t *testing.T) {
			args := append([]string{
				"--disable", "--noproxy", "*", "--silent", "--show-error", "--max-time", "60", "--aws-sigv4", "aws:amz:eu-west-1:lambda",
				"--user", testKey.Credentials.AccessKeyID + ":" + testKey.Credentials.SecretAccessKey,
				"--write-out", " %{http_code}", server.URL + args[0],
			}, args[1:]...)
			out, err := exec.Command(curl, args...).CombinedOutput()
			if err != nil || !strings.HasSuffix(string(out), " 200") {
				t.Errorf("curl: %v\n%s", err, out)
			}
		})
	}
}
