package main

import (
	"encoding/json"
	"errors"
	"io"
	"maps"
	"net/http"
	"reflect"
	"slices"
)

// parameters are those of chat completions that this server has.
//
// See: https://platform.openai.com/docs/api-reference/chat/create
type parameters struct {
	Model         string    `json:"model"`
	Messages      []message `json:"messages"`
	Stream        bool      `json:"stream"`
	StreamOptions struct {
		IncludeUsage bool `json:"include_usage"`
	} `json:"stream_options"`
	MaxTokens           int `json:"max_tokens"`
	MaxCompletionTokens int `json:"max_completion_tokens"`
}

var (
	known = []string{"model", "messages", "stream", "stream_options", "max_tokens", "max_completion_tokens"}

	// ignored are the parameters that don't change an answer.
	ignored = []string{"metadata", "prompt_cache_key", "prompt_cache_retention", "safety_identifier", "service_tier", "store", "user"}

	// defaults are values that ask for what a client gets anyway.
	defaults = map[string]any{
		"frequency_penalty": 0.0, "logprobs": false, "modalities": []any{"text"}, "n": 1.0, "parallel_tool_calls": true, "presence_penalty": 0.0,
		"response_format": map[string]any{"type": "text"}, "temperature": 1.0, "tool_choice": "none", "tools": []any{}, "top_p": 1.0,
	}
)

// parametersOf reads a request. What a model.Model can't do, such as call tools, is
// rejected by name: an answer without it would look right.
func parametersOf(w http.ResponseWriter, r *http.Request) (*parameters, *rejection) {
	body, rejected := readBody(w, r)
	if rejected != nil {
		return nil, rejected
	}
	var given map[string]any
	p := new(parameters)
	if err := errors.Join(json.Unmarshal(body, &given), json.Unmarshal(body, p)); err != nil {
		return nil, invalid(http.StatusBadRequest, "invalid_json", "", "the body isn't a request for a chat completion: %v", err)
	}
	for _, name := range slices.Sorted(maps.Keys(given)) {
		if !slices.Contains(known, name) && !slices.Contains(ignored, name) && !isDefault(name, given[name]) {
			return nil, invalid(http.StatusBadRequest, "unsupported_parameter", name, "this server doesn't support %s: leave it out", name)
		}
	}
	return p, nil
}

func isDefault(name string, value any) bool {
	return value == nil || reflect.DeepEqual(value, defaults[name])
}

// readBody reads a body of at most maxBody.
func readBody(w http.ResponseWriter, r *http.Request) ([]byte, *rejection) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		return nil, invalid(http.StatusRequestEntityTooLarge, "body_too_large", "", "the body can't be read: %v: send at most %d bytes", err, maxBody)
	}
	return body, nil
}
