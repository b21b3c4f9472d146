package bucket

import (
	"bytes"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/cloudfurl/cloudfurl/internal/local/iam"
	"github.com/cloudfurl/cloudfurl/internal/local/sigv4"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	testHost   = "site.s3.eu-west-1.amazonaws.com"
	testSource = "arn:aws:cloudfront::111122223333:distribution/E111122223333A"
)

// testCloudFront is what origin access control signs with.
var testCloudFront = sigv4.Identity{
	Credentials: sigv4.Credentials{AccessKeyID: "ASIALOCALEXAMPLE0000", SecretAccessKey: "secret", SessionToken: "token"},
	Service:     "cloudfront.amazonaws.com", SourceARN: testSource, SourceAccount: "111122223333", Account: "000000000000",
}

// permits returns a policy that permits the distribution an action on resources.
func permits(action string, resources ...any) []*iam.Policy {
	return policy(iam.Statement{
		Action: []string{action}, Resource: iam.Literal{V: resources}, Principal: iam.Literal{V: map[string]any{"Service": "cloudfront.amazonaws.com"}},
		Condition: iam.Literal{V: map[string]any{"StringEquals": map[string]any{"AWS:SourceArn": testSource}}},
	})
}

// permitsTo returns a policy that permits a principal to read.
func permitsTo(principal any) []*iam.Policy {
	return policy(iam.Statement{Action: []string{"s3:Get*"}, Resource: iam.Literal{V: "arn:aws:s3:::site/*"}, Principal: iam.Literal{V: principal}})
}

func policy(s iam.Statement) []*iam.Policy {
	s.Effect = "Allow"
	return []*iam.Policy{iam.New("the policy", s)}
}

var (
	readPolicy   = permits("s3:GetObject", "arn:aws:s3:::site/*") // as the CDK writes it
	listPolicy   = permits("s3:*", "arn:aws:s3:::site", "arn:aws:s3:::site/*")
	publicPolicy = permitsTo("*")
)

// tree writes files into a new directory.
func tree(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, content := range files {
		target := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(target, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// newBucket returns a bucket with a policy over layers, and its log.
func newBucket(t *testing.T, policies []*iam.Policy, layers ...Layer) (*Bucket, *bytes.Buffer) {
	t.Helper()
	var log bytes.Buffer
	b, err := New(Config{
		Name: "site", ARN: "arn:aws:s3:::site", Region: "eu-west-1", Account: "111122223333", Hosts: []string{testHost},
		Layers: layers, Policies: policies,
		Verifier: &sigv4.Verifier{Lookup: func(id string) (sigv4.Identity, bool) {
			return testCloudFront, id == testCloudFront.Credentials.AccessKeyID
		}},
	}, slog.New(slog.NewTextHandler(&log, nil)))
	if err != nil {
		t.Fatal(err)
	}
	return b, &log
}

func request(t *testing.T, method, target string, pairs ...string) *http.Request {
	t.Helper()
	req, err := http.NewRequest(method, "https://"+testHost+target, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(pairs); i += 2 {
		req.Header.Set(pairs[i], pairs[i+1])
	}
	return req
}

// signed signs a request as origin access control does.
func signed(t *testing.T, req *http.Request) *http.Request {
	t.Helper()
	req.Header.Set("X-Amz-Content-Sha256", sigv4.UnsignedPayload)
	sigv4.Sign(req, sigv4.UnsignedPayload, testCloudFront.Credentials, sigv4.ServiceS3, "eu-west-1", time.Now())
	return req
}

// send returns the answer and its whole body.
func send(t *testing.T, to http.RoundTripper, req *http.Request) (*http.Response, string) {
	t.Helper()
	resp, err := to.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	if err := resp.Body.Close(); err != nil {
		t.Fatal(err)
	}
	return resp, string(body)
}

// want compares an answer's status, and what its body contains.
func want(t *testing.T, resp *http.Response, body string, status int, contains string) {
	t.Helper()
	if resp.StatusCode != status || !strings.Contains(body, contains) {
		t.Errorf("got %d %q, want %d with %q", resp.StatusCode, body, status, contains)
	}
}
