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

	// example is a body.
	example = `{"question": "How do responses stream?"}`
)

// A rejection is why there is no run, and its status.
type rejection struct {
	status  int
	message string
}

func rejectf(status int, format string, args ...any) *rejection {
	return &rejection{status, fmt.Sprintf(format, args...)}
}

// parseQuestion returns the question of a request. It isn't in the URL, because
// CloudFront's access logs hold query strings.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/standard-logs-reference.html
func parseQuestion(w http.ResponseWriter, r *http.Request) (string, *rejection) {
	question, rejected := questionFromBody(w, r)
	if rejected != nil {
		return "", rejected
	}
	switch question = strings.TrimSpace(question); {
	case question == "":
		return "", rejectf(http.StatusBadRequest, "the question is empty: send JSON such as %s", example)
	case utf8.RuneCountInString(question) > maxQuestion:
		return "", rejectf(http.StatusBadRequest, "the question has %d characters: send at most %d", utf8.RuneCountInString(question), maxQuestion)
	}
	return question, nil
}

func questionFromBody(w http.ResponseWriter, r *http.Request) (string, *rejection) {
	// A page of another site can't make browsers send this type without asking first.
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
	return "", rejectf(http.StatusBadRequest, `the body isn't JSON such as %s: %v`, example, err)
}
