package main

import (
	_ "embed"
	"errors"
	"html/template"
	"log/slog"
	"net/http"
	"strings"
)

// maxForm is the most that a form may have, in bytes. API Gateway encodes it in
// base64, which makes four bytes of three, and Lambda takes 6 MB.
//
// See: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
const maxForm = 4 << 20

//go:embed page.html
var source string

var pages = template.Must(template.New("page").Parse(source))

// birds are the names that the site knows. Each has a picture.
var birds = []string{"Blackbird", "Robin", "Wren"}

// view is what a page shows.
type view struct {
	Title, Word string
	Birds       []string
	File        string
	Size        int64
}

// showAll shows all birds.
func showAll(w http.ResponseWriter, r *http.Request) {
	show(w, http.StatusOK, "birds", view{Title: "Birds", Birds: birds})
}

// search shows the birds whose names contain the word of the form.
func search(w http.ResponseWriter, r *http.Request) {
	if err := parse(w, r); err != nil {
		refuse(w, err)
		return
	}
	v := view{Title: "Search", Word: strings.TrimSpace(r.PostFormValue("word"))}
	for _, bird := range birds {
		if strings.Contains(strings.ToLower(bird), strings.ToLower(v.Word)) {
			v.Birds = append(v.Birds, bird)
		}
	}
	show(w, http.StatusOK, "birds", v)
}

// receive counts the bytes of the form's file, and doesn't keep it.
func receive(w http.ResponseWriter, r *http.Request) {
	if err := parse(w, r); err != nil {
		refuse(w, err)
		return
	}
	file, header, err := r.FormFile("recording")
	if err != nil {
		refuse(w, err)
		return
	}
	defer file.Close()
	show(w, http.StatusOK, "received", view{
		Title: "Received", Word: r.PostFormValue("bird"), File: header.Filename, Size: header.Size,
	})
}

// parse reads the fields and files of a form, in either of the encodings of HTML, into
// memory.
func parse(w http.ResponseWriter, r *http.Request) error {
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	if err := r.ParseForm(); err != nil {
		return err
	}
	if err := r.ParseMultipartForm(maxForm); !errors.Is(err, http.ErrNotMultipart) {
		return err
	}
	return nil
}

// refuse shows that a form can't be read.
func refuse(w http.ResponseWriter, err error) {
	status, title := http.StatusBadRequest, "This isn't a form of this site"
	if tooLarge := new(http.MaxBytesError); errors.As(err, &tooLarge) {
		status, title = http.StatusRequestEntityTooLarge, "The form has more than 4 MB"
	}
	show(w, status, "nothing", view{Title: title})
}

// notFound shows that a path has no page.
func notFound(w http.ResponseWriter, r *http.Request) {
	show(w, http.StatusNotFound, "nothing", view{Title: "There is no such page"})
}

// show sends a page.
func show(w http.ResponseWriter, status int, name string, v view) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy", "default-src 'self'; form-action 'self'; frame-ancestors 'none'")
	w.WriteHeader(status)
	if err := pages.ExecuteTemplate(w, name, v); err != nil {
		slog.Warn("the page wasn't sent whole", "cause", err.Error())
	}
}
