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
	// A page of another site can't make browsers send this type without asking first.
	if mediaType, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); mediaType != "application/json" {
		return "", rejectf(http.StatusUnsupportedMediaType, "the body is %q: send JSON with Content-Type: application/json", r.Header.Get("Content-Type"))
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if errors.As(err, new(*http.MaxBytesError)) {
		return "", rejectf(http.StatusRequestEntityTooLarge, "the body is larger than %d bytes: ask a shorter question", maxBody)
	}
	var asked struct {
		Question string `json:"question"`
	}
	if err == nil {
		err = json.Unmarshal(body, &asked)
	}
	if err != nil {
		return "", rejectf(http.StatusBadRequest, "the body isn't JSON such as %s: %v", example, err)
	}
	question := strings.TrimSpace(asked.Question)
	switch length := utf8.RuneCountInString(question); {
	case length == 0:
		return "", rejectf(http.StatusBadRequest, "the question is empty: send JSON such as %s", example)
	case length > maxQuestion:
		return "", rejectf(http.StatusBadRequest, "the question has %d characters: send at most %d", length, maxQuestion)
	}
	return question, nil
}
