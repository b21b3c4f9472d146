package functionurl

import (
	"cmp"
	"errors"
	"log/slog"
	"net/http"
	"strings"

	"github.com/cloudfurl/cloudfurl/internal/fault"
	"github.com/cloudfurl/cloudfurl/internal/local/iam"
	"github.com/cloudfurl/cloudfurl/internal/local/sigv4"
	"github.com/cloudfurl/cloudfurl/internal/local/spool"
	"github.com/cloudfurl/cloudfurl/internal/local/trace"
)

// authorize returns who sent the request, or the response to a caller without a
// valid signature or without permission.
func (u *URL) authorize(req *http.Request, body *spool.Body) (sigv4.Identity, *http.Response) {
	var caller sigv4.Identity
	if u.config.AuthType == AuthTypeIAM {
		var err error
		if caller, err = u.config.Verifier.Verify(req, sigv4.HashOf(body), "lambda", u.config.Region); err != nil {
			return caller, u.rejectSignature(req, err)
		}
	}
	if denial := u.denial(caller, req); denial != nil {
		trace.FromContext(req.Context()).Missing(denial.Err)
		return caller, u.reject(req, forbidden(), denial.Problem, denial.Hint)
	}
	trace.FromContext(req.Context()).Fact("caller", cmp.Or(caller.Service, caller.ARN, "anybody"))
	if caller.Service != "" {
		u.warnOddPath(req)
	}
	return caller, nil
}

// Actions are the two that callers of function URLs need since October 2025.
//
// See: https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html
var Actions = []string{actionInvokeFunctionURL, "lambda:InvokeFunction"}

const actionInvokeFunctionURL = "lambda:InvokeFunctionUrl"

// Denial returns why a caller may not call, before it does.
func (u *URL) Denial(caller sigv4.Identity) *fault.Error { return u.denial(caller, nil) }

// denial returns nil if the caller has both permissions. Principals of the
// function's account have them by their own policies or the function's, all others
// by the function's.
func (u *URL) denial(caller sigv4.Identity, req *http.Request) *fault.Error {
	for _, action := range Actions {
		r := iam.NewRequest(caller, req)
		r.Action, r.Resource, r.Paths = action, u.config.FunctionARN, u.config.Paths
		r.Keys[iam.KeyFunctionURLAuthType], r.Keys[iam.KeyInvokedViaFunctionURL] = u.config.AuthType, "true"
		if denial := u.decide(caller, r); denial != nil {
			return denial
		}
	}
	return nil
}

func (u *URL) decide(caller sigv4.Identity, r iam.Request) *fault.Error {
	if u.config.AuthType == AuthTypeIAM && caller.Service == "" && caller.Account == u.config.Account {
		if u.config.Access == nil {
			return nil
		}
		return u.config.Access(caller, r)
	}
	denial := iam.Decide(r, "AWS::Lambda::Permission", u.config.Policies...)
	if missing := iam.GrantOf(denial); missing != nil {
		if r.Action == actionInvokeFunctionURL {
			missing.With("StringEquals", "lambda:FunctionUrlAuthType", u.config.AuthType)
		} else {
			missing.With("Bool", "lambda:InvokedViaFunctionUrl", "true")
		}
		denial.Hint = missing.Permission()
	}
	return denial
}

// rejectSignature responds to a request whose signature isn't valid.
// Inferred: a missing signature and one of another scheme get the same response.
func (u *URL) rejectSignature(req *http.Request, err error) *http.Response {
	bad := new(sigv4.Error)
	errors.As(err, &bad)
	cause := cmp.Or(bad.Detail, bad.Message)
	if bad.Code == sigv4.MissingAuthenticationToken {
		return u.reject(req, forbidden(), cause, bad.Hint)
	}
	return u.reject(req, badSignature(bad.Code, bad.Message), cause, bad.Hint)
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
