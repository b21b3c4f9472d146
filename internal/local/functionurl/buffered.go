package functionurl

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"

	"github.com/cloudfurl/cloudfurl/internal/local/payload"
)

// readBuffered reads a whole result and infers the response from it: JSON without
// a statusCode is the body of a 200.
//
// See: https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html#urls-response-payload
func readBuffered(r io.Reader, limit int) (payload.Head, []byte, error) {
	result, err := io.ReadAll(io.LimitReader(r, int64(limit)+1))
	if err != nil {
		return payload.Head{}, nil, err
	}
	if len(result) > limit {
		// Seen: the wording.
		return payload.Head{}, nil, fmt.Errorf("Function.ResponseSizeTooLarge: Response payload size exceeded maximum allowed payload size (%d bytes)", limit)
	}
	return parseBuffered(result)
}

func parseBuffered(result []byte) (payload.Head, []byte, error) {
	if !json.Valid(result) {
		if payload.IsStreamed(result) {
			return payload.Head{}, nil, errors.New("the function streams its response, and the URL's InvokeMode is BUFFERED")
		}
		return payload.Head{}, nil, fmt.Errorf("the response isn't JSON: it begins %.60q", result)
	}
	var fields map[string]json.RawMessage
	if json.Unmarshal(result, &fields) != nil || fields["statusCode"] == nil {
		return payload.Head{Status: http.StatusOK}, bytes.TrimSpace(result), nil
	}
	var e envelope
	if err := json.Unmarshal(result, &e); err != nil {
		// Inferred: a body that isn't a string is an error, like a status that isn't a number.
		return payload.Head{}, nil, fmt.Errorf("the response has a statusCode but isn't an object of statusCode, headers, cookies, body and isBase64Encoded: %w", err)
	}
	head, err := e.head()
	if err != nil {
		return payload.Head{}, nil, err
	}
	body := []byte(e.Body)
	if e.IsBase64Encoded {
		if body, err = base64.StdEncoding.DecodeString(e.Body); err != nil {
			return payload.Head{}, nil, fmt.Errorf("isBase64Encoded is true and the body isn't base64: %w", err)
		}
	}
	return head, body, nil
}

// An envelope is a response as a function returns it in JSON: a prelude, or with
// its body a buffered response.
type envelope struct {
	StatusCode      *int                       `json:"statusCode"`
	Headers         map[string]json.RawMessage `json:"headers"`
	Cookies         []string                   `json:"cookies"`
	Body            string                     `json:"body"`
	IsBase64Encoded bool                       `json:"isBase64Encoded"`
}

func (e envelope) head() (payload.Head, error) {
	return payload.NewHead(e.StatusCode, e.Headers, e.Cookies)
}

func parsePrelude(data []byte) (payload.Head, error) {
	var e envelope
	if trimmed := bytes.TrimSpace(data); len(trimmed) == 0 || trimmed[0] != '{' {
		return payload.Head{}, fmt.Errorf("the prelude isn't a JSON object: %.60q", data)
	}
	if err := json.Unmarshal(data, &e); err != nil {
		return payload.Head{}, fmt.Errorf("the prelude isn't an object of statusCode, headers and cookies: %w", err)
	}
	return e.head()
}
