package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strings"
	"unicode/utf8"

	"github.com/cloudfurl/cloudfurl/functions/runs"
	"github.com/cloudfurl/cloudfurl/functions/sse"
)

// A handler runs the agent's workflow for each question.
type handler struct {
	agent agent
	runs  *runs.Runs // nil without a table
	mux   *http.ServeMux
}

func newHandler(a agent, recorded *runs.Runs) http.Handler {
	h := &handler{a, recorded, http.NewServeMux()}
	// Below /api for distributions that serve files at the root.
	for _, path := range []string{"/agent", "/api/agent"} {
		h.mux.HandleFunc(path, h.ask)
		if recorded != nil {
			h.mux.HandleFunc("GET "+path+"/{run}", func(w http.ResponseWriter, r *http.Request) { recorded.Resume(w, r, runOf(r)) })
			h.mux.HandleFunc("DELETE "+path+"/{run}", func(w http.ResponseWriter, r *http.Request) { recorded.Stop(w, r, runOf(r)) })
		}
	}
	h.mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		reject(w, rejectf(http.StatusNotFound, "nothing at %s: ask at /agent", r.URL.Path))
	})
	return h
}

// ServeHTTP sets what all responses have.
func (h *handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	h.mux.ServeHTTP(w, r)
}

// ask streams a run. It takes no GET: any page could make its visitors send one,
// and you would pay for the run.
func (h *handler) ask(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		reject(w, rejectf(http.StatusMethodNotAllowed, `%s isn't allowed here: POST JSON such as %s`, r.Method, example))
		return
	}
	// Clients that resume streams send the request again after the end, and would
	// ask, and pay, again. 204 makes them stop.
	if sse.LastEventID(r) != "" {
		if h.runs == nil {
			w.WriteHeader(http.StatusNoContent)
			return
		}
		h.runs.Resume(w, r, runOf(r))
		return
	}
	question, rejected := parseQuestion(w, r)
	if rejected != nil {
		reject(w, rejected)
		return
	}
	if h.runs != nil {
		h.runs.Start(w, r, runOf(r), func(ctx context.Context, emit func(sse.Event) error) error {
			h.answer(newRun(ctx, emit), question)
			return nil
		})
		return
	}
	stream := sse.NewWriter(w, r, nil)
	defer stream.Close()
	h.answer(newRun(stream.Context(), stream.Send), question)
}

// answer runs the workflow and sends its events. The context of the stream ends before
// the function's time is up, so that the last event can still be sent.
func (h *handler) answer(r *run, question string) {
	r.send(event{Type: runStarted})
	result, err := h.agent.answer(r, question)
	if err == nil {
		err = r.send(event{Type: runFinished, Output: &result})
	} else {
		r.end("run", event{}, err)
	}
	r.log(err)
}

// runOf returns the run of a request. The agent asks nobody who they are: who knows
// the id of a run, which can't be guessed, may read and stop it.
func runOf(r *http.Request) runs.Key {
	return runs.Key{Owner: "anybody", ID: r.PathValue("run")}
}

// reject sends an error as a line of JSON, in the shape of the edge functions.
func reject(w http.ResponseWriter, why *rejection) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(why.status)
	json.NewEncoder(w).Encode(map[string]any{"error": map[string]string{"message": why.message}})
}

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
