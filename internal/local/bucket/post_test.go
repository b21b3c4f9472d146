package bucket

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/cloudfurl/cloudfurl/internal/fault"
	"github.com/cloudfurl/cloudfurl/internal/local/iam"
	"github.com/cloudfurl/cloudfurl/internal/local/sigv4"
)

// testHandler is what a handler presigns with.
var testHandler = sigv4.Identity{
	Credentials: sigv4.Credentials{AccessKeyID: "ASIALOCALHANDLER0000", SecretAccessKey: "secret", SessionToken: "token"},
	Account:     "111122223333", ARN: "arn:aws:sts::111122223333:assumed-role/Handler/Handler",
}

// newUploads returns a bucket that takes forms of testHandler for keys below users/, and
// the directory for their files.
func newUploads(t *testing.T) (*Bucket, string) {
	t.Helper()
	b, _ := newBucket(t, nil)
	b.config.Uploads = t.TempDir()
	b.config.Verifier.Lookup = func(id string) (sigv4.Identity, bool) {
		return testHandler, id == testHandler.Credentials.AccessKeyID
	}
	b.config.Access = func(_ sigv4.Identity, r iam.Request) *fault.Error {
		if strings.HasPrefix(r.Resource, "arn:aws:s3:::site/users/") {
			return nil
		}
		return fault.New("permit it", "no policy of the role allows %s on %s", r.Action, r.Resource)
	}
	return b, b.config.Uploads
}

// A presigned is a form that can be changed before it is signed and afterwards.
type presigned struct {
	expires    time.Time
	conditions []any
	fields     map[string]string
	file       string
	afterwards map[string]string
}

func newPresigned() *presigned {
	date := time.Now().UTC()
	credential := testHandler.Credentials.AccessKeyID + "/" + date.Format("20060102") + "/eu-west-1/s3/aws4_request"
	fields := map[string]string{
		"key": "users/ada/${filename}", "Content-Type": "image/png", "x-amz-algorithm": "AWS4-HMAC-SHA256", "x-amz-credential": credential,
		"x-amz-date": date.Format("20060102T150405Z"), "x-amz-security-token": "token",
	}
	conditions := []any{
		map[string]string{"bucket": "site"}, []any{"starts-with", "$key", "users/ada/"}, []any{"starts-with", "$Content-Type", "image/"},
		[]any{"content-length-range", 1, 10},
	}
	for _, name := range []string{"x-amz-algorithm", "x-amz-credential", "x-amz-date", "x-amz-security-token"} {
		conditions = append(conditions, map[string]string{name: fields[name]})
	}
	return &presigned{expires: date.Add(time.Minute), conditions: conditions, fields: fields, file: "content", afterwards: map[string]string{}}
}

// allow adds a field with a condition that permits every value.
func (p *presigned) allow(name, value string) {
	p.fields[name] = value
	p.conditions = append(p.conditions, []any{"starts-with", "$" + name, ""})
}

// post signs the form and sends it.
func (p *presigned) post(t *testing.T, b *Bucket) *httptest.ResponseRecorder {
	t.Helper()
	policy, err := json.Marshal(map[string]any{"expiration": p.expires.Format(time.RFC3339), "conditions": p.conditions})
	if err != nil {
		t.Fatal(err)
	}
	p.fields["policy"] = base64.StdEncoding.EncodeToString(policy)
	p.fields["x-amz-signature"] = signPolicy(p.fields["policy"], p.fields["x-amz-date"][:8])
	for name, value := range p.afterwards {
		p.fields[name] = value
	}
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for name, value := range p.fields {
		form.WriteField(name, value)
	}
	file, err := form.CreateFormFile("file", "cat.png")
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprint(file, p.file)
	form.Close()
	r := httptest.NewRequest(http.MethodPost, "http://127.0.0.1:9000/site", &body)
	r.Header.Set("Content-Type", form.FormDataContentType())
	w := httptest.NewRecorder()
	b.ServeHTTP(w, r)
	return w
}

// signPolicy signs a policy by the definition of Signature Version 4.
func signPolicy(policy, day string) string {
	key := []byte("AWS4" + testHandler.Credentials.SecretAccessKey)
	for _, part := range []string{day, "eu-west-1", "s3", "aws4_request", policy} {
		mac := hmac.New(sha256.New, key)
		mac.Write([]byte(part))
		key = mac.Sum(nil)
	}
	return hex.EncodeToString(key)
}

// get reads an object as a handler does.
func get(t *testing.T, b *Bucket, path string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, "http://127.0.0.1:9000"+path, nil)
	r.Header.Set("X-Amz-Content-Sha256", sigv4.EmptyPayloadHash)
	sigv4.Sign(r, sigv4.EmptyPayloadHash, testHandler.Credentials, sigv4.ServiceS3, "eu-west-1", time.Now())
	w := httptest.NewRecorder()
	b.ServeHTTP(w, r)
	return w
}

func TestPost_stores_the_file_of_a_form(t *testing.T) {
	b, dir := newUploads(t)
	p := newPresigned()
	p.allow("x-amz-meta-owner", "ada")
	if w := p.post(t, b); w.Code != http.StatusNoContent || w.Header().Get("Location") != "http://127.0.0.1:9000/site/users%2Fada%2Fcat.png" {
		t.Fatalf("got %d %v %s", w.Code, w.Header(), w.Body)
	}
	w := get(t, b, "/site/users/ada/cat.png")
	if h := w.Header(); w.Code != http.StatusOK || w.Body.String() != "content" || h.Get("Content-Type") != "image/png" || h.Get("X-Amz-Meta-Owner") != "ada" {
		t.Errorf("got %d %v %s", w.Code, h, w.Body)
	}
	p = newPresigned()
	p.file = "newer"
	p.post(t, b)
	if w := get(t, b, "/site/users/ada/cat.png"); w.Body.String() != "newer" {
		t.Errorf("got %q after the second upload", w.Body)
	}
	if files, err := os.ReadDir(dir); err != nil || len(files) != 1 {
		t.Errorf("got files %v and %v, want that of the newest object", files, err)
	}
	if w := get(t, b, "/site/elsewhere"); w.Code != http.StatusForbidden {
		t.Errorf("got %d for an object that the handler's role may not read", w.Code)
	}
}

func TestPost_responds_as_the_form_wants(t *testing.T) {
	for _, test := range []struct {
		name, value string
		status      int
		want        string
	}{
		{"success_action_status", "200", http.StatusOK, ""},
		{"success_action_status", "201", http.StatusCreated, "<Bucket>site</Bucket><Key>users/ada/cat.png</Key>"},
		{"success_action_status", "500", http.StatusNoContent, ""},
		{"success_action_redirect", "https://example.com/done?a=1", http.StatusSeeOther, "https://example.com/done?a=1&bucket=site&key=users%2Fada%2Fcat.png&etag=%22"},
		{"success_action_redirect", "nowhere", http.StatusNoContent, ""},
	} {
		b, _ := newUploads(t)
		p := newPresigned()
		p.allow(test.name, test.value)
		w := p.post(t, b)
		if w.Code != test.status || !strings.Contains(w.Body.String()+w.Header().Get("Location"), test.want) {
			t.Errorf("%s=%s: got %d %v %s", test.name, test.value, w.Code, w.Header(), w.Body)
		}
	}
}

func TestPost_rejects_what_the_policy_does_not_permit(t *testing.T) {
	for name, test := range map[string]struct {
		change func(*presigned)
		status int
		want   string
	}{
		"too late":            {func(p *presigned) { p.expires = time.Now().Add(-time.Second) }, 403, "Invalid according to Policy: Policy expired."},
		"another type":        {func(p *presigned) { p.fields["Content-Type"] = "text/html" }, 403, `Policy Condition failed: [&#34;starts-with&#34;, &#34;$Content-Type&#34;, &#34;image/&#34;]`},
		"a second type":       {func(p *presigned) { p.fields["Content-Type"] = "image/png,text/html" }, 403, "Policy Condition failed"},
		"no type":             {func(p *presigned) { delete(p.fields, "Content-Type") }, 403, "Policy Condition failed"},
		"key of another user": {func(p *presigned) { p.fields["key"] = "users/bob/cat.png" }, 403, "Policy Condition failed"},
		"another bucket":      {func(p *presigned) { p.conditions[0] = map[string]string{"bucket": "other"} }, 403, "Policy Condition failed"},
		"a redirect too much": {func(p *presigned) { p.fields["success_action_redirect"] = "https://evil.example" }, 403, "Extra input fields: success_action_redirect"},
		"too large":           {func(p *presigned) { p.file = "eleven byte" }, 400, "<Code>EntityTooLarge</Code><Message>Your proposed upload exceeds the maximum allowed size"},
		"too small":           {func(p *presigned) { p.file = "" }, 400, "EntityTooSmall"},
		"an odd condition":    {func(p *presigned) { p.conditions = append(p.conditions, []any{"matches", "$key", "users/"}) }, 403, "Policy Condition failed"},
		"half a condition":    {func(p *presigned) { p.conditions = append(p.conditions, []any{"eq", "$key"}) }, 403, "Policy Condition failed"},
		"no conditions":       {func(p *presigned) { p.conditions = nil }, 400, "InvalidPolicyDocument"},
		"another policy":      {func(p *presigned) { p.afterwards["policy"] = "e30=" }, 403, "SignatureDoesNotMatch"},
		"no signature":        {func(p *presigned) { p.afterwards["x-amz-signature"] = "" }, 400, "AuthorizationHeaderMalformed"},
		"no algorithm":        {func(p *presigned) { p.afterwards["x-amz-algorithm"] = "" }, 400, "InvalidArgument"},
		"no token":            {func(p *presigned) { p.afterwards["x-amz-security-token"] = "" }, 403, "InvalidAccessKeyId"},
		"no policy":           {func(p *presigned) { p.afterwards["policy"] = "" }, 403, "AccessDenied"},
		"beyond the role": {func(p *presigned) {
			p.fields["key"] = "elsewhere"
			p.conditions[1] = []any{"eq", "$key", "elsewhere"}
		}, 403, "<Code>AccessDenied</Code><Message>Access Denied"},
	} {
		t.Run(name, func(t *testing.T) {
			b, dir := newUploads(t)
			p := newPresigned()
			test.change(p)
			if w := p.post(t, b); w.Code != test.status || !strings.Contains(w.Body.String(), test.want) {
				t.Errorf("got %d %s, want %d %s", w.Code, w.Body, test.status, test.want)
			}
			if files, err := os.ReadDir(dir); err != nil || len(files) > 0 {
				t.Errorf("got files %v and %v, want none", files, err)
			}
		})
	}
	b, _ := newUploads(t)
	p := newPresigned()
	p.fields["x-ignore-me"] = "anything"
	if w := p.post(t, b); w.Code != http.StatusNoContent {
		t.Errorf("a field to ignore: got %d %s", w.Code, w.Body)
	}
}

func TestPost_rejects_what_is_no_form_with_a_file(t *testing.T) {
	b, _ := newUploads(t)
	for body, want := range map[string]string{"": "412 PreconditionFailed", "--x\r\nContent-Disposition: form-data; name=\"key\"\r\n\r\nusers/1\r\n--x--\r\n": "400 POST requires exactly one file"} {
		r := httptest.NewRequest(http.MethodPost, "http://127.0.0.1:9000/site", strings.NewReader(body))
		if body != "" {
			r.Header.Set("Content-Type", "multipart/form-data; boundary=x")
		}
		w := httptest.NewRecorder()
		b.ServeHTTP(w, r)
		status, text, _ := strings.Cut(want, " ")
		if fmt.Sprint(w.Code) != status || !strings.Contains(w.Body.String(), text) {
			t.Errorf("got %d %s, want %s", w.Code, w.Body, want)
		}
	}
}

// A file under another name is a field, which would be kept in memory.
func TestPost_rejects_large_fields(t *testing.T) {
	b, _ := newUploads(t)
	for size, want := range map[int]int{10 << 10: http.StatusNoContent, 20 << 10: http.StatusBadRequest} {
		p := newPresigned()
		p.allow("x-ignore-me", strings.Repeat("x", size))
		if w := p.post(t, b); w.Code != want || want == http.StatusBadRequest && !strings.Contains(w.Body.String(), "MaxPostPreDataLengthExceeded") {
			t.Errorf("%d bytes: got %d %s, want %d", size, w.Code, w.Body, want)
		}
	}
}

func TestPost_ignores_fields_behind_the_file(t *testing.T) {
	for name, test := range map[string]struct {
		first, then string
		status      int
		want        string
	}{
		"all fields": {"", `name="key"`, 400, "Bucket POST must contain a field named &#39;key&#39;."},
		"the policy": {`name="key"`, `name="policy"`, 403, "<Message>Access Denied"},
	} {
		b, dir := newUploads(t)
		body := ""
		for _, disposition := range []string{test.first, `name="file"; filename="x"`, test.then} {
			if disposition != "" {
				body += "--x\r\nContent-Disposition: form-data; " + disposition + "\r\n\r\nusers/ada/x\r\n"
			}
		}
		r := httptest.NewRequest(http.MethodPost, "http://127.0.0.1:9000/site", strings.NewReader(body+"--x--\r\n"))
		r.Header.Set("Content-Type", "multipart/form-data; boundary=x")
		w := httptest.NewRecorder()
		b.ServeHTTP(w, r)
		if w.Code != test.status || !strings.Contains(w.Body.String(), test.want) {
			t.Errorf("%s: got %d %s, want %d %s", name, w.Code, w.Body, test.status, test.want)
		}
		if files, err := os.ReadDir(dir); err != nil || len(files) > 0 {
			t.Errorf("%s: got files %v and %v, want none", name, files, err)
		}
	}
}

func TestObjects_of_forms_may_have_any_key(t *testing.T) {
	b, _ := newUploads(t)
	for _, key := range []string{"users/ada/", "users/ada//x", "users/ada/../../../etc/passwd", "users/ada/" + strings.Repeat("x", 500)} {
		p := newPresigned()
		p.fields["key"] = key
		if w := p.post(t, b); w.Code != http.StatusNoContent {
			t.Errorf("%.20s: got %d %s", key, w.Code, w.Body)
		}
		o, err := b.find(key)
		if err != nil || o == nil {
			t.Fatalf("%.20s: got %v", key, err)
		}
		o.file.Close()
	}
	if _, err := b.find("users/ada"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("got %v, want no object of another key", err)
	}
}
