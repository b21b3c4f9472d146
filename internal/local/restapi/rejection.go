package restapi

import (
	"cmp"
	"net/http"

	"github.com/cloudfurl/cloudfurl/internal/fault"
	"github.com/cloudfurl/cloudfurl/internal/local/exchange"
	"github.com/cloudfurl/cloudfurl/internal/local/payload"
)

// A rejection is a response that API Gateway gives instead of the function.
//
// See: https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html
type rejection struct {
	status    int
	errorType string // x-amzn-errortype
	message   string
}

// Seen: recorded, and in the issues that are named.
var (
	missingToken  = rejection{http.StatusForbidden, "MissingAuthenticationTokenException", "Missing Authentication Token"}
	forbidden     = rejection{http.StatusForbidden, "ForbiddenException", "Forbidden"}
	internalError = rejection{http.StatusInternalServerError, errorInternal, "Internal server error"}
	badGateway    = rejection{http.StatusBadGateway, errorInternal, internalError.message}
	timedOut      = rejection{http.StatusGatewayTimeout, errorInternal, "Endpoint request timed out"}

	// Seen: Lambda's limit, with this type (koki-develop/lgtm-generator#10).
	tooLong = rejection{http.StatusRequestEntityTooLarge, "BadRequestException", "Request Too Long"}

	// Seen: API Gateway's own, as text (koki-develop/lgtm-generator#10).
	tooLarge = rejection{http.StatusRequestEntityTooLarge, "", "HTTP content length exceeded 10485760 bytes."}
)

const errorInternal = "InternalServerErrorException"

// reject responds instead of the function, and records what the caller isn't told.
func (c *call) reject(r rejection, cause, hint string) *http.Response {
	return c.rejectWith(r, "application/json", payload.Object("message", r.message), cause, hint)
}

func (c *call) rejectWith(r rejection, contentType, body, cause, hint string) *http.Response {
	header := http.Header{"Content-Type": {contentType}}
	if r.errorType != "" {
		header.Set("X-Amzn-Errortype", r.errorType)
	}
	c.trace.Reject(c.log, r.status, cause, hint)
	return exchange.NewResponse(c.req, r.status, header, []byte(body))
}

// failed responds for a function that failed or returned what API Gateway can't use.
// Timeouts and viewers who left have caused an error of their own.
func (c *call) failed(what string, err error) (*http.Response, error) {
	switch {
	case c.req.Context().Err() != nil:
		return nil, c.req.Context().Err()
	case c.ctx.Err() != nil:
		return c.reject(timedOut, "the function didn't respond within "+c.route.Function.Timeout.String()+", the integration's TimeoutInMillis",
			"respond faster, stream, or raise TimeoutInMillis: up to 29 s unless the quota was raised, or 15 minutes for streams"), nil
	}
	return c.reject(badGateway, what+": "+err.Error(), cmp.Or(fault.HintOf(err), "read what the function logged")), nil
}
