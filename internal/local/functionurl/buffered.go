package functionurl

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
)

// readBuffered reads a whole result and infers the response from it: JSON without
// a statusCode is the body of a 200.
//
// See: https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html#urls-response-payload
func readBuffered(r io.Reader, limit int) (prelude, []byte, error) {
	payload, err := io.ReadAll(io.LimitReader(r, int64(limit)+1))
	if err != nil {
		return prelude{}, nil, err
	}
	if len(payload) > limit {
		// Seen: the wording.
		return prelude{}, nil, fmt.Errorf("Function.ResponseSizeTooLarge: Response payload size exceeded maximum allowed payload size (%d bytes)", limit)
	}
	return parseBuffered(payload)
}

func parseBuffered(payload []byte) (prelude, []byte, error) {
	if !json.Valid(payload) {
		if i := bytes.Index(payload, preludeDelimiter); i > 0 && json.Valid(payload[:i]) {
			return prelude{}, nil, errors.New("the function streams its response, and the URL's InvokeMode is BUFFERED")
		}
		return prelude{}, nil, fmt.Errorf("the response isn't JSON: it begins %.60q", payload)
	}
	var fields map[string]json.RawMessage
	if json.Unmarshal(payload, &fields) != nil || fields["statusCode"] == nil {
		return prelude{status: http.StatusOK}, bytes.TrimSpace(payload), nil
	}
	var e envelope
	if err := json.Unmarshal(payload, &e); err != nil {
		// Inferred: a body that isn't a string is an error, like a status that isn't a number.
		return prelude{}, nil, fmt.Errorf("the response has a statusCode but isn't an object of statusCode, headers, cookies, body and isBase64Encoded: %w", err)
	}
	p, err := e.prelude()
	if err != nil {
		return prelude{}, nil, err
	}
	body := []byte(e.Body)
	if e.IsBase64Encoded {
		if body, err = base64.StdEncoding.DecodeString(e.Body); err != nil {
			return prelude{}, nil, fmt.Errorf("isBase64Encoded is true and the body isn't base64: %w", err)
		}
	}
	return p, body, nil
}
