package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html"
	"io"
	"maps"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/cloudfurl/cloudfurl/internal/localtest"
)

// png is an image as far as its first bytes tell.
func png(size int) string {
	const signature = "\x89PNG\x0d\x0a\x1a\x0a"
	return signature + strings.Repeat("x", size-len(signature))
}

// A person has a browser.
type person struct {
	*testing.T

	client *http.Client
	url    string
}

func newPerson(t *testing.T, url string) *person {
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &person{t, &http.Client{Jar: jar}, url}
}

// A form is what a page has, with the values that a person may change.
type form struct {
	action string
	fields map[string]string
}

var (
	action = regexp.MustCompile(`action="([^"]+)"`)
	hidden = regexp.MustCompile(`<input type="hidden" name="([^"]+)" value="([^"]*)">`)
)

// form opens the page.
func (p *person) form() form {
	p.Helper()
	status, page := p.open(p.url + "/")
	address := action.FindStringSubmatch(page)
	if status != http.StatusOK || address == nil {
		p.Fatalf("got %d %s, want a form", status, page)
	}
	f := form{html.UnescapeString(address[1]), map[string]string{"Content-Type": "image/png"}}
	for _, field := range hidden.FindAllStringSubmatch(page, -1) {
		f.fields[field[1]] = html.UnescapeString(field[2])
	}
	return f
}

// with returns the form with another value.
func (f form) with(name, value string) form {
	changed := maps.Clone(f.fields)
	changed[name] = value
	return form{f.action, changed}
}

// send sends a form with a file, and follows the redirect.
func (p *person) send(f form, content string) (int, string) {
	p.Helper()
	var body bytes.Buffer
	parts := multipart.NewWriter(&body)
	for name, value := range f.fields {
		parts.WriteField(name, value)
	}
	file, err := parts.CreateFormFile("file", "image.png")
	if err != nil {
		p.Fatal(err)
	}
	io.WriteString(file, content)
	parts.Close()
	response, err := p.client.Post(f.action, parts.FormDataContentType(), &body)
	if err != nil {
		p.Fatal(err)
	}
	return p.read(response)
}

func (p *person) open(url string) (int, string) {
	p.Helper()
	response, err := p.client.Get(url)
	if err != nil {
		p.Fatal(err)
	}
	return p.read(response)
}

func (p *person) read(response *http.Response) (int, string) {
	p.Helper()
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		p.Fatal(err)
	}
	return response.StatusCode, string(body)
}

// want checks a response.
func (p *person) want(status int, body string, wantStatus int, want string) {
	p.Helper()
	if status != wantStatus || !strings.Contains(body, want) {
		p.Errorf("got %d %s, want %d %s", status, body, wantStatus, want)
	}
}

func TestUploads_go_to_the_bucket(t *testing.T) {
	edge := localtest.Serve(t, localtest.Build(t), localtest.Synthesize(t))
	ada, bob := newPerson(t, edge.URL), newPerson(t, edge.URL)

	t.Run("from a plain form, larger than a request to Lambda", func(t *testing.T) {
		image := png(7 << 20)
		status, body := ada.send(ada.form(), image)
		ada.want(status, body, http.StatusOK, fmt.Sprintf("7340032 bytes of image/png, SHA-256 %x", sha256.Sum256([]byte(image))))
	})
	t.Run("of no other type or size", func(t *testing.T) {
		f := ada.form()
		for _, test := range []struct {
			form    form
			content string
			status  int
			want    string
		}{
			{f.with("Content-Type", "text/html"), png(100), http.StatusForbidden, "Policy Condition failed"},
			{f, png(20<<20 + 1), http.StatusBadRequest, "EntityTooLarge"},
			{f, "", http.StatusBadRequest, "EntityTooSmall"},
			{f, "<script>", http.StatusUnsupportedMediaType, "was sent as image/png, and is text/html"},
		} {
			status, body := ada.send(test.form, test.content)
			ada.want(status, body, test.status, test.want)
		}
	})
	t.Run("in the place of nothing else", func(t *testing.T) {
		f := ada.form()
		other := ada.form().fields["key"]
		status, body := ada.send(f.with("key", other), png(100))
		ada.want(status, body, http.StatusForbidden, "Policy Condition failed")
		status, body = ada.send(f.with("key", bob.form().fields["key"]), png(100))
		ada.want(status, body, http.StatusForbidden, "Policy Condition failed")
		// A form that is sent again replaces what it has sent.
		ada.send(f, png(100))
		status, body = ada.send(f, png(200))
		ada.want(status, body, http.StatusOK, "200 bytes")
	})
	t.Run("by a stolen form, to its owner only and for minutes", func(t *testing.T) {
		f := ada.form()
		status, body := bob.send(f, png(100))
		bob.want(status, body, http.StatusForbidden, "This isn't your upload.")
		policy, err := base64.StdEncoding.DecodeString(f.fields["policy"])
		var signed struct{ Expiration time.Time }
		if err != nil || json.Unmarshal(policy, &signed) != nil || time.Until(signed.Expiration) > 5*time.Minute {
			t.Errorf("got policy %s, want one for 5 minutes", policy)
		}
	})
	t.Run("and back to the app, which believes no redirect", func(t *testing.T) {
		f := ada.form()
		status, body := ada.send(f.with("success_action_redirect", "https://evil.example/"), png(100))
		ada.want(status, body, http.StatusForbidden, "Policy Condition failed")
		status, body = ada.open(edge.URL + "/done?key=" + url.QueryEscape(f.fields["key"]))
		ada.want(status, body, http.StatusNotFound, "There is no such upload.")
		ada.send(f, png(100))
		status, body = bob.open(edge.URL + "/done?key=" + url.QueryEscape(f.fields["key"]))
		bob.want(status, body, http.StatusForbidden, "This isn't your upload.")
	})
}
