package functionurl

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strconv"
)

// messageForbidden is what a caller without a signature or a permission reads.
//
// Seen: with x-amzn-errortype AccessDeniedException, in every published capture.
const messageForbidden = "Forbidden. For troubleshooting Function URL authorization issues, see: https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html"

// messageTooLarge is what the caller of a request over 6 MB reads.
//
// Seen: as RequestEntityTooLargeException of Invoke, and as the answer of hosts on function URLs.
const messageTooLarge = "Request must be smaller than 6291456 bytes for the InvokeFunction operation"

// A refusal is an answer that Lambda gives without, or instead of, the
// function's.
type refusal struct {
	status    int
	errorType string // x-amzn-errortype; empty for none
	body      string
}

// forbidden refuses a request that is not signed or not permitted. Its key is
// Message, with a capital: that of a signature's refusal is message.
// Seen: both, see the captures that the messages cite.
func forbidden() refusal {
	return refusal{http.StatusForbidden, "AccessDeniedException", jsonObject("Message", messageForbidden)}
}

// badSignature refuses a signature that did not pass.
// Inferred: 403 for the codes other than InvalidSignatureException too.
func badSignature(code, message string) refusal {
	return refusal{http.StatusForbidden, code, jsonObject("message", message)}
}

func tooLarge() refusal {
	return refusal{http.StatusRequestEntityTooLarge, "RequestEntityTooLargeException", jsonObject("Message", messageTooLarge)}
}

// throttled refuses a request that no environment can take.
//
// Seen: {"Reason":"ReservedFunctionConcurrentInvocationLimitExceeded","Type":"User","message":"Rate Exceeded."}
// Inferred: the x-amzn-errortype, from the exception of Invoke.
func throttled(reason string) refusal {
	body := `{"Reason":` + quote(reason) + `,"Type":"User","message":"Rate Exceeded."}`
	return refusal{http.StatusTooManyRequests, "TooManyRequestsException", body}
}

// badGateway stands for a function that failed or timed out before its first
// byte, or that answered what is no answer.
//
// Seen: the text, which is not JSON, in awslabs and cargo-lambda issues (cargo-lambda#578).
// Inferred: a timeout has the same answer.
func badGateway() refusal {
	return refusal{http.StatusBadGateway, "", "Internal Server Error"}
}

// badRequest stands for a request whose body could not be read.
// Inferred: all of it.
func badRequest(message string) refusal {
	return refusal{http.StatusBadRequest, "InvalidRequestContentException", jsonObject("Message", message)}
}

func (r refusal) response(req *http.Request) *http.Response {
	h := http.Header{"Content-Type": {"application/json"}}
	if r.errorType != "" {
		h.Set("X-Amzn-Errortype", r.errorType)
	}
	return newResponse(req, r.status, h, []byte(r.body))
}

// newResponse returns a whole response, without its body if req was a HEAD.
func newResponse(req *http.Request, status int, h http.Header, body []byte) *http.Response {
	resp := &http.Response{
		Status: strconv.Itoa(status) + " " + http.StatusText(status), StatusCode: status,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: h, Request: req, ContentLength: int64(len(body)), Body: http.NoBody,
	}
	if bodyAllowed(status) {
		h.Set("Content-Length", strconv.Itoa(len(body)))
		if req.Method != http.MethodHead && len(body) > 0 {
			resp.Body = io.NopCloser(bytes.NewReader(body))
		}
	} else {
		resp.ContentLength = 0
	}
	return resp
}

// bodyAllowed reports whether a response with the status may have a body.
//
// See: https://www.rfc-editor.org/rfc/rfc9110#section-6.4.1
func bodyAllowed(status int) bool {
	return status >= 200 && status != http.StatusNoContent && status != http.StatusNotModified
}

func jsonObject(key, value string) string {
	return `{"` + key + `":` + quote(value) + `}`
}

func quote(s string) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(s); err != nil {
		return `""`
	}
	return string(bytes.TrimSuffix(b.Bytes(), []byte("\n")))
}
