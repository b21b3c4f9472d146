package main

import (
	"net/http"
	"strings"
)

// hiddenHeaders are the headers of CloudFront's signature that viewers shouldn't
// see: its session token, and the account and distribution that it signs for.
//
// Seen: origin access control adds all three.
var hiddenHeaders = []string{"X-Amz-Security-Token", "X-Amz-Source-Account", "X-Amz-Source-Arn"}

// An inspection is a request as the handler saw it.
type inspection struct {
	Method     string      `json:"method"`
	RawPath    string      `json:"rawPath"`  // still percent-encoded
	RawQuery   string      `json:"rawQuery"` // without "?"
	Host       string      `json:"host"`
	Headers    http.Header `json:"headers"` // canonical names, each with its list of values
	Cookies    []string    `json:"cookies"` // each as name=value
	BodyLength int         `json:"bodyLength"`
	BodySHA256 string      `json:"bodySha256"`
}

// inspect describes the request in JSON and sets two cookies. It also serves
// every path below /inspect/, for trying unusual paths.
func inspect(w http.ResponseWriter, r *http.Request) {
	body, ok := readBody(w, r)
	if !ok {
		return
	}
	seen := inspection{
		Method:     r.Method,
		RawPath:    rawPath(r),
		RawQuery:   r.URL.RawQuery,
		Host:       r.Host,
		Headers:    r.Header.Clone(),
		Cookies:    []string{},
		BodyLength: len(body),
		BodySHA256: sha256Hex(body),
	}
	for _, name := range hiddenHeaders {
		if seen.Headers.Get(name) != "" {
			seen.Headers.Set(name, "(hidden)")
		}
	}
	for _, cookie := range r.Cookies() {
		seen.Cookies = append(seen.Cookies, cookie.Name+"="+cookie.Value)
	}
	for _, name := range []string{"cloudfurl-first", "cloudfurl-second"} {
		http.SetCookie(w, &http.Cookie{Name: name, Value: "1", Path: "/", Secure: true, HttpOnly: true, SameSite: http.SameSiteLaxMode})
	}
	respond(w, http.StatusOK, seen)
}

// rawPath returns the path as it was sent. r.URL.EscapedPath would encode all of
// it again where it has a character that RFC 3986 doesn't allow, so that
// /a%2Fb|c became /a/b%7Cc.
func rawPath(r *http.Request) string {
	path, _, _ := strings.Cut(r.RequestURI, "?")
	if !strings.HasPrefix(path, "/") {
		return r.URL.EscapedPath()
	}
	return path
}
