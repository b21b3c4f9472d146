package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"html"
	"io"
	"mime/multipart"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

// site is where the viewers of all apps are, and address theirs: not that of the
// adapter, 127.0.0.1, which some settings trust. Linux has the whole network.
const (
	site    = "https://www.example.com"
	address = "127.0.0.2"
)

// forgeries are the headers by which proxies name a host, scheme, path or address.
var forgeries = map[string]string{
	"X-Forwarded-Host": "evil.example", "X-Forwarded-Server": "evil.example", "X-Original-Host": "evil.example", "X-Host": "evil.example",
	"X-Forwarded-Proto": "http", "X-Forwarded-Protocol": "http", "X-Forwarded-Scheme": "http", "X-Scheme": "http", "X-Url-Scheme": "http",
	"X-Forwarded-Ssl": "off", "Front-End-Https": "off", "CloudFront-Forwarded-Proto": "http", "X-Forwarded-Port": "81",
	"X-Forwarded-Prefix": "/evil", "X-Script-Name": "/evil", "X-Original-URL": "/evil", "X-Rewrite-URL": "/evil",
	"X-Forwarded-For": "203.0.113.9", "X-Real-IP": "203.0.113.9", "True-Client-IP": "203.0.113.9", "CF-Connecting-IP": "203.0.113.9",
	"Client-IP": "203.0.113.9", "CloudFront-Viewer-Address": "203.0.113.9:1", "X-Original-Authorization": "Bearer forged",
	"Forwarded":          "for=203.0.113.9;host=evil.example;proto=http",
	"X_Forwarded_Host":   "evil.example",
	"X_Forwarded_Proto":  "http",
	"X_Forwarded_For":    "203.0.113.9",
	"X_Original_Host":    "evil.example",
	"X_Forwarded_Prefix": "/evil",
}

// A browser keeps cookies and follows redirects as at the site. What it sends goes to
// an address of the edge.
type browser struct {
	t         *testing.T
	edge      string // host and port
	headers   map[string]string
	transport http.RoundTripper
	client    *http.Client
}

func newBrowser(t *testing.T, edge string) *browser {
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	dialer := &net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(address)}}
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.DisableCompression, transport.DialContext = true, dialer.DialContext
	b := &browser{t: t, edge: edge, transport: transport}
	b.client = &http.Client{Jar: jar, Transport: b}
	return b
}

// RoundTrip sends a request to the edge, as the browser's headers are at the site.
// Every cookie of the response has to be Secure.
func (b *browser) RoundTrip(r *http.Request) (*http.Response, error) {
	if origin := r.URL.Scheme + "://" + r.URL.Host; origin != site {
		return nil, fmt.Errorf("the redirect leaves %s", site)
	}
	r = r.Clone(r.Context())
	r.Host = r.URL.Host
	r.URL.Host = b.edge
	r.Header.Set("Accept", "text/html")
	if r.Header.Get("Origin") == "" {
		r.Header.Set("Origin", site)
		r.Header.Set("Referer", site+r.URL.Path)
	}
	for name, value := range b.headers {
		r.Header[name] = []string{value}
	}
	response, err := b.transport.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	for _, cookie := range response.Cookies() {
		if !cookie.Secure {
			b.t.Errorf("%s: the cookie %s isn't Secure", r.URL.Path, cookie.Name)
		}
	}
	return response, nil
}

// do sends a request and returns the status and body of the last response.
func (b *browser) do(method, path string, body io.Reader, header ...string) (int, string) {
	b.t.Helper()
	request, err := http.NewRequest(method, site+path, body)
	if err != nil {
		b.t.Fatal(err)
	}
	for i := 0; i < len(header); i += 2 {
		request.Header.Set(header[i], header[i+1])
	}
	response, err := b.client.Do(request)
	if err != nil {
		b.t.Fatal(err)
	}
	defer response.Body.Close()
	content, err := io.ReadAll(response.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	return response.StatusCode, string(content)
}

// A form is the fields of a page's form.
type form struct {
	fields    url.Values
	multipart bool
}

var (
	inputTag  = regexp.MustCompile(`<input [^>]*>`)
	attribute = regexp.MustCompile(`(name|value)="([^"]*)"`)
)

// form gets the form of the page /login.
func (b *browser) form() form {
	b.t.Helper()
	status, page := b.do(http.MethodGet, "/login", nil)
	if status != http.StatusOK {
		b.t.Fatalf("got %d and %q, want a page", status, page)
	}
	f := form{url.Values{}, strings.Contains(page, "multipart/form-data")}
	for _, tag := range inputTag.FindAllString(page, -1) {
		field := map[string]string{}
		for _, match := range attribute.FindAllStringSubmatch(tag, -1) {
			field[match[1]] = html.UnescapeString(match[2])
		}
		f.fields.Set(field["name"], field["value"])
	}
	return f
}

// post sends a form, with a file unless it is nil, and header fields.
func (b *browser) post(path string, f form, file []byte, header ...string) (int, string) {
	b.t.Helper()
	if !f.multipart && file == nil {
		return b.do(http.MethodPost, path, strings.NewReader(f.fields.Encode()), append(header, "Content-Type", "application/x-www-form-urlencoded")...)
	}
	var body bytes.Buffer
	writer := multipart.NewWriter(&body)
	for name := range f.fields {
		writer.WriteField(name, f.fields.Get(name))
	}
	if file != nil {
		part, _ := writer.CreateFormFile("file", "photo.jpg")
		part.Write(file)
	}
	writer.Close()
	return b.do(http.MethodPost, path, &body, append(header, "Content-Type", writer.FormDataContentType())...)
}

// seen is what an app says of a request for /me.
type seen struct {
	Host, Scheme, Address, Authorization, URL, Name string
}

func (b *browser) parse(text string) seen {
	b.t.Helper()
	var s seen
	if err := json.Unmarshal([]byte(text), &s); err != nil {
		b.t.Fatalf("got %q (%v), want what /me says", text, err)
	}
	return s
}
