package main

import (
	"errors"
	"html"
	"io"
	"net/http"
)

const (
	// contentPolicy allows the page's own stylesheet and form, and nothing else.
	//
	// See: https://www.w3.org/TR/CSP3/
	contentPolicy = "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

	// maxForm is the longest form that the page takes, in bytes.
	maxForm = 64 << 10
)

// Links are relative, so that they work below /api too.
const (
	pageHead = `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>cloudfurl</title>
<link rel="stylesheet" href="style.css">
</head>
<body>
<h1>cloudfurl</h1>
`
	pageFormBefore = `<form method="post" action="">
<label for="message">Message</label>
<input id="message" name="message" maxlength="1000" value="`
	pageFormAfter = `">
<button>Send</button>
</form>
</body>
</html>
`
	pageStyle = `body { font: 100%/1.5 system-ui, sans-serif; margin: 3rem auto; max-width: 40rem; padding: 0 1rem }
blockquote { border-left: .25rem solid; margin: 1rem 0; overflow-wrap: anywhere; padding-left: 1rem; white-space: pre-wrap }
input { width: 100% }
`
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
	form := pageFormBefore + escaped + pageFormAfter
	if !posted {
		return "<p>The head of this page came first. Post a message, and it comes back.</p>\n" + form
	}
	return "<p>You posted:</p>\n<blockquote>" + escaped + "</blockquote>\n" + form
}

func stylesheet(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/css; charset=utf-8")
	io.WriteString(w, pageStyle)
}
