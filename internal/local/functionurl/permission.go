package functionurl

import (
	"errors"
	"log/slog"
	"net/http"
	"strings"

	"github.com/cloudfurl/cloudfurl/internal/fault"
	"github.com/cloudfurl/cloudfurl/internal/local/lambda"
	"github.com/cloudfurl/cloudfurl/internal/local/sigv4"
)

// authorize returns who sent the request, or the response to a caller without a
// valid signature or without permission.
func (u *URL) authorize(req *http.Request, body []byte) (sigv4.Identity, *http.Response) {
	var caller sigv4.Identity
	if u.config.AuthType == AuthTypeIAM {
		var err error
		if caller, err = u.config.Verifier.Verify(req, sigv4.HashOf(body), "lambda", u.config.Region); err != nil {
			return caller, u.rejectSignature(req, err)
		}
	}
	if denial := u.denial(caller); denial != nil {
		return caller, u.reject(req, forbidden(), denial.Cause, denial.Cure)
	}
	if caller.Service != "" {
		u.warnOddPath(req)
	}
	return caller, nil
}

// denial returns nil if the caller has the two permissions that function URLs
// require since October 2025. Principals of the function's account have them by
// their own policies or the function's, all others by the function's.
//
// See: https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html
func (u *URL) denial(caller sigv4.Identity) *lambda.Denial {
	decide := u.config.Policy.Denial
	if u.config.AuthType == AuthTypeIAM && caller.Service == "" && caller.Account == u.config.Account {
		if decide = u.config.Access; decide == nil {
			return nil
		}
	}
	for _, action := range [...]string{lambda.ActionInvokeFunctionURL, lambda.ActionInvokeFunction} {
		denial := decide(lambda.Call{
			Function:            u.config.FunctionARN,
			Caller:              caller,
			Action:              action,
			FunctionURLAuthType: u.config.AuthType,
		})
		if denial != nil {
			return denial
		}
	}
	return nil
}

// rejectSignature responds to a request whose signature isn't valid.
// Inferred: a missing signature and one of another scheme get the same response.
func (u *URL) rejectSignature(req *http.Request, err error) *http.Response {
	bad := new(sigv4.Error)
	if !errors.As(err, &bad) {
		return u.reject(req, forbidden(), err.Error(), "report this request")
	}
	cause := bad.Detail
	if cause == "" {
		cause = bad.Message
	}
	if bad.Code == sigv4.MissingAuthenticationToken {
		return u.reject(req, forbidden(), cause, bad.Cure)
	}
	return u.reject(req, badSignature(bad.Code, bad.Message), cause, bad.Cure)
}

// warnOddPath warns once of a path that works here but may not on AWS.
// Seen: origin access control's signature fails for paths with %20, + or ://.
func (u *URL) warnOddPath(req *http.Request) {
	if p := req.URL.EscapedPath(); strings.Contains(p, "%20") || strings.Contains(p, "+") || strings.Contains(p, "://") {
		u.oddPath.Do(func() {
			fault.Log(u.log, slog.LevelWarn, "AWS may reject a path",
				"signatures of origin access control have failed for paths with %20, + or ://",
				"put such values into the query string or the body", "path", p)
		})
	}
}
