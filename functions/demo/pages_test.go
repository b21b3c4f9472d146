package main

import (
	"bufio"
	"html"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"
)

const formType = "application/x-www-form-urlencoded"

func TestPage_sends_its_head_first(t *testing.T) {
	server := httptest.NewServer(newHandler(pace{betweenTokens: time.Hour}))
	defer server.Close()
	response, err := http.Get(server.URL + "/pages/")
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	for lines := bufio.NewScanner(response.Body); lines.Scan(); {
		if strings.HasPrefix(lines.Text(), "<h1>") {
			return // the rest comes an hour later
		}
	}
	t.Error("the head ends without the heading")
}

func TestPage_has_a_form_and_a_policy(t *testing.T) {
	got := send(t, "GET", serve(t, pace{})+"/pages/", "", nil)
	for _, want := range []string{`<link rel="stylesheet" href="style.css">`, `<form method="post" action="">`, "</html>\n"} {
		if !strings.Contains(got.body, want) {
			t.Errorf("the page lacks %q:\n%s", want, got.body)
		}
	}
	policy := got.Header.Get("Content-Security-Policy")
	if !strings.Contains(policy, "default-src 'none'") || strings.Contains(policy, "unsafe") || got.Header.Get("Content-Type") != "text/html; charset=utf-8" {
		t.Errorf("headers are %v", got.Header)
	}
	for _, inline := range []string{"<style", "<script", " style=", " on"} {
		if strings.Contains(got.body, inline) {
			t.Errorf("the page has %q, which its policy forbids", inline)
		}
	}
	style := send(t, "GET", serve(t, pace{})+"/pages/style.css", "", nil)
	if style.StatusCode != 200 || style.Header.Get("Content-Type") != "text/css; charset=utf-8" {
		t.Errorf("the stylesheet is %d %s", style.StatusCode, style.Header.Get("Content-Type"))
	}
}

func TestPage_escapes_what_was_posted(t *testing.T) {
	const message = `"><script>alert('1')</script>&amp;` + "\x00\xff"
	form := url.Values{"message": {message}}.Encode()
	got := send(t, "POST", serve(t, pace{})+"/pages/", form, map[string]string{"Content-Type": formType})
	if got.StatusCode != 200 || strings.Contains(got.body, "<script") {
		t.Errorf("got %d %s", got.StatusCode, got.body)
	}
	escaped := html.EscapeString(message)
	for _, want := range []string{"<blockquote>" + escaped + "</blockquote>", `value="` + escaped + `"`} {
		if !strings.Contains(got.body, want) {
			t.Errorf("the page lacks %q:\n%s", want, got.body)
		}
	}
}

func TestPage_takes_the_message_from_the_form_only(t *testing.T) {
	got := send(t, "POST", serve(t, pace{})+"/pages/?message=query", "", map[string]string{"Content-Type": formType})
	if strings.Contains(got.body, "query") {
		t.Errorf("the page echoes its URL:\n%s", got.body)
	}
}

func TestPage_rejects_forms_that_it_cannot_read(t *testing.T) {
	page := serve(t, pace{}) + "/pages/"
	header := map[string]string{"Content-Type": formType}
	checkError(t, send(t, "POST", page, "message=%zz", header), 400, "invalid URL escape")
	checkError(t, send(t, "POST", page, "message="+strings.Repeat("x", maxForm), header), 413, "too large")
	checkError(t, send(t, "DELETE", page, "", nil), 405, "DELETE isn't allowed")
}

// Whatever is posted, the page has the same elements.
func FuzzPage(f *testing.F) {
	for _, message := range []string{"", "hello", "<b>", `" onfocus="`, "'", "&lt;", "\x00", "\xff<", "</blockquote>"} {
		f.Add(message)
	}
	want := strings.Count(pageRest(true, ""), "<")
	quotes := strings.Count(pageRest(true, ""), `"`)
	f.Fuzz(func(t *testing.T, message string) {
		page := pageRest(true, message)
		if strings.Count(page, "<") != want || strings.Count(page, `"`) != quotes {
			t.Errorf("%q adds markup:\n%s", message, page)
		}
	})
}
