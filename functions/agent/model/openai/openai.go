// Package openai streams from any server with OpenAI's chat completions API:
// Ollama, vLLM, llama.cpp and others.
//
// See: https://platform.openai.com/docs/api-reference/chat-streaming
//
// It leaves out tools, images and reasoning, and tries nothing again.
package openai

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"

	"github.com/cloudfurl/cloudfurl/functions/agent/model"
)

// settings is what to do about a server that gives no answer at all.
const settings = "check AGENT_MODEL, OPENAI_API_KEY and OPENAI_BASE_URL, which usually ends with /v1"

// maxDetail bounds what is read of an error, in bytes.
const maxDetail = 4 << 10

// Options say where the server is.
type Options struct {
	// BaseURL is the address before /chat/completions, such as
	// "http://127.0.0.1:11434/v1". Required.
	BaseURL string

	// Key is sent as a bearer token. Default: empty, none is sent
	Key string
}

// New returns the model that the server has under a name.
func New(name string, options Options) (model.Model, error) {
	base, err := url.Parse(options.BaseURL)
	if err != nil || (base.Scheme != "http" && base.Scheme != "https") || base.Host == "" || base.RawQuery != "" || base.Fragment != "" {
		return nil, fmt.Errorf("openai: the base URL is %q: use an http or https address, such as http://127.0.0.1:11434/v1", options.BaseURL)
	}
	if strings.ContainsAny(options.Key, "\r\n") {
		return nil, fmt.Errorf("openai: the key has a line break: remove it")
	}
	return &openai{name, base.JoinPath("chat/completions").String(), options.Key, newClient()}, nil
}

// newClient follows no redirects, which would turn the request into a GET.
func newClient() *http.Client {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	// A compressed stream may be held back until a block is full.
	transport.DisableCompression = true
	return &http.Client{
		Transport:     transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

type openai struct {
	name, url, key string
	client         *http.Client
}

// Name returns "openai:" and the model's name.
func (o *openai) Name() string { return "openai:" + o.name }

// Stream streams an answer.
func (o *openai) Stream(ctx context.Context, request model.Request, token func(string) error) (model.Answer, error) {
	post, err := o.request(ctx, request)
	if err != nil {
		return model.Answer{}, o.failure(ctx, "got a request that can't be sent", "", false, err)
	}
	response, err := o.client.Do(post)
	if err != nil {
		return model.Answer{}, o.failure(ctx, "can't be reached", settings, true, err)
	}
	defer response.Body.Close()
	mediaType, _, _ := mime.ParseMediaType(response.Header.Get("Content-Type"))
	if response.StatusCode != http.StatusOK || mediaType != "text/event-stream" {
		return model.Answer{}, o.rejection(ctx, response, mediaType)
	}
	return o.read(ctx, response.Body, token)
}

// rejection describes a response that isn't a stream of events. A successful one may be
// a stream of another kind, whose end is far.
func (o *openai) rejection(ctx context.Context, response *http.Response, mediaType string) error {
	var detail []byte
	if response.StatusCode != http.StatusOK || mediaType == "application/json" {
		detail, _ = io.ReadAll(io.LimitReader(response.Body, maxDetail))
	}
	temporary := response.StatusCode == http.StatusTooManyRequests || response.StatusCode >= http.StatusInternalServerError
	return o.failure(ctx, fmt.Sprintf("answered with %s and %q, not with a stream of events", response.Status, mediaType), settings, temporary,
		fmt.Errorf("%s%s", response.Header.Get("Location"), bytes.TrimSpace(detail)))
}

// failure returns an *Error, or the cause if ctx has ended.
func (o *openai) failure(ctx context.Context, problem, hint string, temporary bool, err error) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return &model.Error{Model: o.Name(), Problem: problem, Hint: hint, Temporary: temporary, Err: err}
}

func (o *openai) request(ctx context.Context, request model.Request) (*http.Request, error) {
	messages := []map[string]string{{"role": "system", "content": request.System}, {"role": "user", "content": request.Prompt}}
	if request.System == "" {
		messages = messages[1:]
	}
	chat := map[string]any{"model": o.name, "messages": messages, "stream": true, "stream_options": map[string]bool{"include_usage": true}}
	if request.MaxTokens > 0 {
		// Few of the other servers know max_completion_tokens.
		chat["max_tokens"] = request.MaxTokens
	}
	body, err := json.Marshal(chat)
	if err != nil {
		return nil, err
	}
	post, err := http.NewRequestWithContext(ctx, http.MethodPost, o.url, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	post.Header.Set("Content-Type", "application/json")
	post.Header.Set("Accept", "text/event-stream")
	if o.key != "" {
		post.Header.Set("Authorization", "Bearer "+o.key)
	}
	return post, nil
}
