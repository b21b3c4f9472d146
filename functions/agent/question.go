package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strings"
	"unicode/utf8"
)

const (
	// maxQuestion bounds a question, in characters.
	maxQuestion = 2000

	// maxBody bounds a body, in bytes: each character may take 12, as two escapes
	// of JSON.
	maxBody = 12*maxQuestion + 1000
)

// A rejection is why there is no run, and its status.
type rejection struct {
	status  int
	message string
}

func rejectf(status int, format string, args ...any) *rejection {
	return &rejection{status, fmt.Sprintf(format, args...)}
}

// parseQuestion returns the question of a GET or a POST.
func parseQuestion(w http.ResponseWriter, r *http.Request) (string, *rejection) {
	question := r.URL.Query().Get("question")
	if r.Method == http.MethodPost {
		var rejected *rejection
		if question, rejected = questionFromBody(w, r); rejected != nil {
			return "", rejected
		}
	}
	switch question = strings.TrimSpace(question); {
	case question == "" && r.Method == http.MethodPost:
		return "", rejectf(http.StatusBadRequest, `the question is empty: send JSON such as {"question": "How do responses stream?"}`)
	case question == "":
		return "", rejectf(http.StatusBadRequest, "the question is empty: send it as ?question=, or as JSON with POST")
	case !utf8.ValidString(question):
		return "", rejectf(http.StatusBadRequest, "the question isn't UTF-8: encode it so")
	case utf8.RuneCountInString(question) > maxQuestion:
		return "", rejectf(http.StatusBadRequest, "the question has %d characters: send at most %d", utf8.RuneCountInString(question), maxQuestion)
	}
	return question, nil
}

func questionFromBody(w http.ResponseWriter, r *http.Request) (string, *rejection) {
	// A form of another site can't send this type without asking first, so no page
	// makes its viewers pay for questions.
	if mediaType, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); mediaType != "application/json" {
		return "", rejectf(http.StatusUnsupportedMediaType, "the body is %q: send JSON with Content-Type: application/json", r.Header.Get("Content-Type"))
	}
	var body struct {
		Question string `json:"question"`
	}
	decoder := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxBody))
	decoder.DisallowUnknownFields()
	err := decoder.Decode(&body)
	if err == nil {
		// Nothing may follow the object.
		if _, err = decoder.Token(); err == io.EOF {
			return body.Question, nil
		}
		err = errors.Join(errors.New("something follows the object"), err)
	}
	if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) {
		return "", rejectf(http.StatusRequestEntityTooLarge, "the body is larger than %d bytes: ask a shorter question", tooLarge.Limit)
	}
	if err == io.EOF {
		err = errors.New("it is empty")
	}
	return "", rejectf(http.StatusBadRequest, `the body isn't JSON such as {"question": "How do responses stream?"}: %v`, err)
}
