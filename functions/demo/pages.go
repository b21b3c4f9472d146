package main

import (
	_ "embed"
	"errors"
	"html"
	"io"
	"net/http"
	"strings"
)

const (
	// contentPolicy allows the page's own stylesheet and form, and nothing else.
	//
	// See: https://www.w3.org/TR/CSP3/
	contentPolicy = "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

	// maxForm is the longest form that the page takes, in bytes.
	maxForm = 64 << 10
)

// The parts of the page. Links are relative, so that they work below /api too.
var (
	//go:embed pages/head.html
	pageHead string

	//go:embed pages/form.html
	pageForm string

	//go:embed pages/style.css
	pageStyle string
)

// page sends the head of an HTML page, so that the browser can fetch the
// stylesheet, and after a pause the rest: a form, and what was posted with it.
//
// html/template would escape as well, but adds 0.75 MB to the zip, because the
// linker keeps all methods for it. The handler has only two values to escape.
func (p pace) page(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	if err := r.ParseForm(); err != nil {
		status := http.StatusBadRequest
		if errors.As(err, new(*http.MaxBytesError)) {
			status = http.StatusRequestEntityTooLarge
		}
		respondError(w, status, "can't read the form: "+err.Error())
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy", contentPolicy)
	io.WriteString(w, pageHead)
	http.NewResponseController(w).Flush()
	if r.Method == http.MethodHead || !pause(r.Context(), p.betweenTokens) {
		return
	}
	io.WriteString(w, pageRest(r.Method == http.MethodPost, r.PostForm.Get("message")))
}

// pageRest returns the page after its head.
func pageRest(posted bool, message string) string {
	escaped := html.EscapeString(message)
	form := strings.Replace(pageForm, "MESSAGE", escaped, 1)
	if !posted {
		return "<p>The head of this page came first. Post a message, and it comes back.</p>\n" + form
	}
	return "<p>You posted:</p>\n<blockquote>" + escaped + "</blockquote>\n" + form
}

func stylesheet(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/css; charset=utf-8")
	io.WriteString(w, pageStyle)
}
