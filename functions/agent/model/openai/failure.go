package openai

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/cloudfurl/cloudfurl/functions/agent/model"
)

// maxErrorBody bounds what is read of an error, in bytes.
const maxErrorBody = 16 << 10

// failure returns an *Error, or the cause if ctx has ended.
func (o *openai) failure(ctx context.Context, problem, hint string, temporary bool, err error) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return &model.Error{Model: o.Name(), Problem: problem, Hint: hint, Temporary: temporary, Err: err}
}

// rejection describes a response with another status than 200.
func (o *openai) rejection(ctx context.Context, response *http.Response) error {
	detail := fmt.Errorf("%s: %w", response.Status, bodyError(response))
	switch status := response.StatusCode; {
	case status == http.StatusUnauthorized || status == http.StatusForbidden:
		return o.failure(ctx, "may not be used", "check OPENAI_API_KEY", false, detail)
	case status == http.StatusNotFound:
		return o.failure(ctx, "doesn't exist on the server", "check the name in AGENT_MODEL, and that OPENAI_BASE_URL ends as the server wants it, usually with /v1", false, detail)
	case status == http.StatusTooManyRequests:
		return o.failure(ctx, "is throttled", "try again in a minute", true, detail)
	case status >= http.StatusInternalServerError:
		return o.failure(ctx, "failed", "", true, detail)
	case status >= http.StatusMultipleChoices && status < http.StatusBadRequest:
		return o.failure(ctx, "is somewhere else", "set OPENAI_BASE_URL to the address that the server redirects to", false,
			fmt.Errorf("%s to %s", response.Status, response.Header.Get("Location")))
	}
	return o.failure(ctx, "rejected the request", "", false, detail)
}

// bodyError returns what the body of a response that isn't a stream says.
func bodyError(response *http.Response) error {
	body, _ := io.ReadAll(io.LimitReader(response.Body, maxErrorBody))
	var envelope struct {
		Error json.RawMessage `json:"error"`
	}
	if json.Unmarshal(body, &envelope) == nil && len(envelope.Error) > 0 {
		return errorText(envelope.Error)
	}
	return errors.New(cmp.Or(strings.TrimSpace(string(body)), "no body"))
}

// errorText returns the message of an error object, or the error if it is
// something else.
func errorText(raw json.RawMessage) error {
	var object struct {
		Message string `json:"message"`
	}
	var text string
	if json.Unmarshal(raw, &object) == nil {
		text = object.Message
	} else {
		json.Unmarshal(raw, &text)
	}
	return errors.New(cmp.Or(text, string(raw)))
}
