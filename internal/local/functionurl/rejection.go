package functionurl

import (
	"net/http"

	"github.com/cloudfurl/cloudfurl/internal/local/exchange"
	"github.com/cloudfurl/cloudfurl/internal/local/payload"
)

// messageForbidden is sent to a caller without a signature or a permission.
//
// Seen: with x-amzn-errortype AccessDeniedException, in every published capture.
const messageForbidden = "Forbidden. For troubleshooting Function URL authorization issues, see: https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html"

// messageTooLarge is sent to the caller of a request over 6 MB.
//
// Seen: as RequestEntityTooLargeException of Invoke, and in responses of function URLs.
const messageTooLarge = "Request must be smaller than 6291456 bytes for the InvokeFunction operation"

// A rejection is a response that Lambda gives instead of the function.
type rejection struct {
	status    int
	errorType string // x-amzn-errortype; empty for none
	body      string
}

// forbidden rejects a request that isn't signed or isn't permitted. Its key is
// Message, with a capital, unlike badSignature's.
// Seen: both, see the captures that the messages cite.
func forbidden() rejection {
	return rejection{http.StatusForbidden, "AccessDeniedException", payload.Object("Message", messageForbidden)}
}

// badSignature rejects an invalid signature.
// Inferred: 403 for the codes other than InvalidSignatureException too.
func badSignature(code, message string) rejection {
	return rejection{http.StatusForbidden, code, payload.Object("message", message)}
}

func tooLarge() rejection {
	return rejection{http.StatusRequestEntityTooLarge, "RequestEntityTooLargeException", payload.Object("Message", messageTooLarge)}
}

// throttled rejects a request for which no environment is free.
//
// Seen: {"Reason":"ReservedFunctionConcurrentInvocationLimitExceeded","Type":"User","message":"Rate Exceeded."}
// Inferred: the x-amzn-errortype, from the exception of Invoke.
func throttled(reason string) rejection {
	body := `{"Reason":"` + reason + `","Type":"User","message":"Rate Exceeded."}`
	return rejection{http.StatusTooManyRequests, "TooManyRequestsException", body}
}

// badGateway is for a function that failed or timed out before its first byte, or
// returned an invalid response.
//
// Seen: the text, which is not JSON, in awslabs and cargo-lambda issues (cargo-lambda#578).
// Inferred: a timeout gets the same response.
func badGateway() rejection {
	return rejection{http.StatusBadGateway, "", "Internal Server Error"}
}

// badRequest is for a request whose body couldn't be read.
// Inferred: all of it.
func badRequest(message string) rejection {
	return rejection{http.StatusBadRequest, "InvalidRequestContentException", payload.Object("Message", message)}
}

func (r rejection) response(req *http.Request) *http.Response {
	h := http.Header{"Content-Type": {"application/json"}}
	if r.errorType != "" {
		h.Set("X-Amzn-Errortype", r.errorType)
	}
	return exchange.NewResponse(req, r.status, h, []byte(r.body))
}
