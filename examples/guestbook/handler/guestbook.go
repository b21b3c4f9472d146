package main

import (
	"errors"
	"fmt"
	"html/template"
	"log/slog"
	"net/http"
	"strings"
	"unicode/utf8"
)

// Limits of what a visitor may write.
const (
	maxForm = 16 << 10 // bytes
	maxName = 40       // characters
	maxText = 500      // characters
)

// A guestbook is a page with a form.
type guestbook struct {
	table *table
}

// page has a block for what is known at once, and one for an entry.
var page = template.Must(template.New("page").Parse(`{{define "head"}}<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Guestbook</title>
<h1>Guestbook</h1>
<form method="post">
<p><label>Name <input name="name" required maxlength="{{.Name}}"></label></p>
<p><label>Text <textarea name="text" required maxlength="{{.Text}}"></textarea></label></p>
<p><button>Sign</button></p>
</form>
{{end}}{{define "entry"}}<article>
<p>{{.Text}}</p>
<p><small>{{.Name}}, <time>{{.Written.Format "2006-01-02 15:04 MST"}}</time></small></p>
</article>
{{end}}`))

// show sends the form, and the entries when they have been read.
func (g *guestbook) show(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Content-Security-Policy", "default-src 'none'; form-action 'self'; frame-ancestors 'none'")
	if page.ExecuteTemplate(w, "head", struct{ Name, Text int }{maxName, maxText}) != nil {
		return // the visitor has left
	}
	http.NewResponseController(w).Flush()
	entries, err := g.table.latest(r.Context())
	if err != nil {
		slog.Error("can't read the table", "cause", err.Error())
		fmt.Fprintln(w, "<p>The entries can't be read. Try again later.</p>")
		return
	}
	for _, e := range entries {
		if page.ExecuteTemplate(w, "entry", e) != nil {
			return
		}
	}
}

// sign stores an entry and sends the visitor back to the page.
func (g *guestbook) sign(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	if err := r.ParseForm(); err != nil {
		status := http.StatusBadRequest
		if tooLarge := new(http.MaxBytesError); errors.As(err, &tooLarge) {
			status = http.StatusRequestEntityTooLarge
		}
		http.Error(w, "This isn't a form of this page.", status)
		return
	}
	name, text := strings.TrimSpace(r.PostFormValue("name")), strings.TrimSpace(r.PostFormValue("text"))
	if !fits(name, maxName) || !fits(text, maxText) {
		http.Error(w, fmt.Sprintf("Write a name of up to %d characters, and a text of up to %d.", maxName, maxText), http.StatusBadRequest)
		return
	}
	if err := g.table.add(r.Context(), name, text); err != nil {
		slog.Error("can't write to the table", "cause", err.Error())
		http.Error(w, "The entry can't be stored. Try again later.", http.StatusServiceUnavailable)
		return
	}
	http.Redirect(w, r, "/", http.StatusSeeOther)
}

// fits reports whether a text has 1 to limit characters.
func fits(text string, limit int) bool {
	return text != "" && utf8.ValidString(text) && utf8.RuneCountInString(text) <= limit
}
