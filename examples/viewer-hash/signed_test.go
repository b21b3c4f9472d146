package main

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/feature/cloudfront/sign"

	"github.com/cloudfurl/cloudfurl/internal/localtest"
)

func signedURL(host, path string) (string, error) {
	key, err := sign.LoadPEMPrivKey(strings.NewReader(os.Getenv("PRIVATE_KEY")))
	if err != nil {
		return "", err
	}
	return sign.NewURLSigner(os.Getenv("KEY_PAIR_ID"), key).Sign("https://"+host+path, time.Now().Add(time.Hour))
}

// setCookies opens all of /private/ to the viewer until the browser is closed, for an hour at most.
func setCookies(w http.ResponseWriter, host string) error {
	key, err := sign.LoadPEMPrivKey(strings.NewReader(os.Getenv("PRIVATE_KEY")))
	if err != nil {
		return err
	}
	cookies, err := sign.NewCookieSigner(os.Getenv("KEY_PAIR_ID"), key).SignWithPolicy(&sign.Policy{Statements: []sign.Statement{{
		Resource:  "https://" + host + "/private/*",
		Condition: sign.Condition{DateLessThan: sign.NewAWSEpochTime(time.Now().Add(time.Hour))},
	}}}, func(o *sign.CookieOptions) { o.Path = "/private/" })
	for _, cookie := range cookies {
		cookie.HttpOnly, cookie.Secure = true, true
		http.SetCookie(w, cookie)
	}
	return err
}

// Lines that print a signed URL and a Cookie header, after the block of a language.
const (
	printInPython = `
import sys
class Response: set_cookie = staticmethod(lambda name, value, **_: print(f"{name}={value}", end="; "))
print(signed_url(sys.argv[1], "/?a=1"))
set_cookies(Response, sys.argv[1])
`
	printInNode = `
console.log(signedUrl(process.argv[2], '/?a=1'));
setCookies({ setHeader: (_, lines) => console.log(lines.map((line) => line.split(';')[0]).join('; ')) }, process.argv[2]);
`
)

// checkSigners runs the functions of docs/clients.md that sign URLs and cookies,
// against a copy of this example with a key group.
func checkSigners(t *testing.T, assembly string) {
	private, public := keyPair(t)
	edge := localtest.Serve(t, localtest.Build(t), protect(t, assembly, public))
	host := strings.TrimPrefix(edge.URL, "http://")
	if status := statusOf(t, edge.URL+"/?Key-Pair-Id=other", ""); status != http.StatusForbidden {
		t.Errorf("got %d for an unknown key, want 403", status)
	}
	edge.WaitForLog(t, "unknown key pair id")
	id := regexp.MustCompile(`use (K[A-Z0-9]{13}), the id`).FindStringSubmatch(edge.Log())
	if id == nil {
		t.Fatalf("the log has no id: %s", edge.Log())
	}
	t.Setenv("KEY_PAIR_ID", id[1])
	t.Setenv("PRIVATE_KEY", private)

	t.Run("Go", func(t *testing.T) {
		url, err := signedURL(host, "/?a=1")
		response := httptest.NewRecorder()
		if err := errors.Join(err, setCookies(response, host)); err != nil {
			t.Fatal(err)
		}
		var pairs []string
		for _, cookie := range response.Result().Cookies() {
			pairs = append(pairs, cookie.Name+"="+cookie.Value)
		}
		checkSigned(t, edge, url, strings.Join(pairs, "; "))
	})
	for name, program := range map[string]struct{ interpreter, file, language, last string }{
		"Python":  {"python3", "main.py", "python", printInPython},
		"Node.js": {"node", "main.mjs", "js", printInNode},
	} {
		t.Run(name, func(t *testing.T) {
			url, cookie, _ := strings.Cut(runSigner(t, program.interpreter, program.file, signerBlock(t, program.language)+program.last, host), "\n")
			checkSigned(t, edge, url, strings.TrimRight(cookie, "; \n"))
		})
	}
}

// checkSigned checks that a URL and cookies open what they are for, and no more.
func checkSigned(t *testing.T, edge *localtest.Edge, url, cookie string) {
	t.Helper()
	url = strings.Replace(url, "https://", "http://", 1)
	for _, test := range []struct {
		url, cookie string
		status      int
	}{
		{url, "", http.StatusOK},
		{strings.Replace(url, "?a=1", "?a=2", 1), "", http.StatusForbidden},
		{edge.URL + "/private/page", cookie, http.StatusOK},
		{edge.URL + "/page", cookie, http.StatusForbidden},
	} {
		if status := statusOf(t, test.url, test.cookie); status != test.status {
			t.Errorf("%s with the cookie %q: got %d, want %d, log %s", test.url, test.cookie, status, test.status, edge.Log())
		}
	}
}

func statusOf(t *testing.T, url, cookie string) int {
	t.Helper()
	request, err := http.NewRequest(http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Cookie", cookie)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	return response.StatusCode
}

// signerBlock returns the block of docs/clients.md that signs in a language.
func signerBlock(t *testing.T, language string) string {
	t.Helper()
	page, err := os.ReadFile(filepath.Join("..", "..", "docs", "clients.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, found := range block.FindAllStringSubmatch(string(page), -1) {
		if found[1] == language && strings.Contains(found[2], "PRIVATE_KEY") {
			return found[2]
		}
	}
	t.Fatalf("docs/clients.md has no block in %s that signs", language)
	return ""
}

// runSigner returns what a program prints. It skips the test if the machine lacks
// the interpreter or a package.
func runSigner(t *testing.T, interpreter, file, code, host string) string {
	t.Helper()
	if _, err := exec.LookPath(interpreter); err != nil {
		t.Skip(err)
	}
	path := filepath.Join(t.TempDir(), file)
	if err := os.WriteFile(path, []byte(code), 0o600); err != nil {
		t.Fatal(err)
	}
	output, err := exec.CommandContext(t.Context(), interpreter, path, host).Output()
	if failed, ok := errors.AsType[*exec.ExitError](err); ok {
		if strings.Contains(string(failed.Stderr), "ModuleNotFoundError") || strings.Contains(string(failed.Stderr), "ERR_MODULE_NOT_FOUND") {
			t.Skipf("SKIPPED, %s lacks a package here: %s", interpreter, failed.Stderr)
		}
		t.Fatalf("%v\n%s", err, failed.Stderr)
	}
	if err != nil {
		t.Fatal(err)
	}
	return string(output)
}

// keyPair returns a private key and its public one, as openssl writes them.
func keyPair(t *testing.T) (private, public string) {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKIXPublicKey(&key.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	encode := func(name string, der []byte) string {
		return string(pem.EncodeToMemory(&pem.Block{Type: name, Bytes: der}))
	}
	return encode("RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(key)), encode("PUBLIC KEY", der)
}

// protect returns a copy of the assembly whose endpoint has a key group.
func protect(t *testing.T, assembly, public string) string {
	t.Helper()
	type object = map[string]any
	return localtest.Copy(t, assembly, "*.template.json", func(template map[string]any) {
		resources := template["Resources"].(object)
		for _, resource := range resources {
			if r := resource.(object); r["Type"] == "AWS::CloudFront::Distribution" {
				config := r["Properties"].(object)["DistributionConfig"].(object)
				config["DefaultCacheBehavior"].(object)["TrustedKeyGroups"] = []any{object{"Ref": "Group"}}
			}
		}
		resources["Key"] = object{"Type": "AWS::CloudFront::PublicKey", "Properties": object{
			"PublicKeyConfig": object{"CallerReference": "1", "Name": "key", "EncodedKey": public}}}
		resources["Group"] = object{"Type": "AWS::CloudFront::KeyGroup", "Properties": object{
			"KeyGroupConfig": object{"Name": "group", "Items": []any{object{"Ref": "Key"}}}}}
	})
}
