package deployed

import (
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"

	"github.com/aws/smithy-go"

	"github.com/cloudfurl/cloudfurl/internal/fault"
	"github.com/cloudfurl/cloudfurl/internal/local/build"
)

const hintCredentials = "log in, as by aws sso login, and set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"

// Codes of errors that every call would get.
//
// See: https://docs.aws.amazon.com/IAM/latest/APIReference/CommonErrors.html
var (
	expired = []string{"ExpiredToken", "ExpiredTokenException", "RequestExpired"}
	invalid = []string{"InvalidClientTokenId", "UnrecognizedClientException", "InvalidAccessKeyId", "AuthFailure", "MissingAuthenticationToken",
		"SignatureDoesNotMatch", "InvalidSignatureException", "IncompleteSignature"}
)

// problem says in a sentence why a call failed. Others would fail too if it is fatal.
func problem(err error, action, resource string) (said *fault.Error, fatal bool) {
	var api smithy.APIError
	var network net.Error
	called := action + " of " + resource
	switch {
	case errors.As(err, &api) && slices.Contains(expired, api.ErrorCode()):
		return fault.New(hintCredentials, "this machine's AWS credentials have expired: %s", api.ErrorMessage()), true
	case errors.As(err, &api) && slices.Contains(invalid, api.ErrorCode()):
		return fault.New(hintCredentials, "AWS doesn't accept this machine's credentials: %s: %s", api.ErrorCode(), api.ErrorMessage()), true
	case api != nil && strings.HasPrefix(api.ErrorCode(), "AccessDenied"):
		return fault.New("allow "+action+" on it; docs/check.md has the whole policy", "this machine's credentials don't permit %s: %s", called, api.ErrorMessage()), false
	case api != nil:
		return fault.New("", "%s failed: %s: %s", called, api.ErrorCode(), api.ErrorMessage()), false
	case errors.Is(err, context.Canceled):
		return fault.New("", "interrupted"), true
	case errors.As(err, &network):
		return fault.New("check the network, HTTPS_PROXY, AWS_ENDPOINT_URL and the name of the region", "AWS can't be reached for %s: %v", called, network), true
	}
	return fault.New("", "%s failed: %v", called, err), false
}

// gone reports whether an error says that something isn't there.
func gone(err error) bool {
	var api smithy.APIError
	return errors.As(err, &api) && (strings.Contains(api.ErrorCode(), "NotFound") || strings.HasPrefix(api.ErrorCode(), "NoSuch"))
}

// unread reports whether a call failed, and adds what that means.
func (r *reader) unread(err error, path, action, resource string) bool {
	if err == nil {
		return false
	}
	said, fatal := problem(err, action, resource)
	if fatal && r.fatal == nil {
		r.fatal = said
	}
	f := build.Finding{Rule: "unchecked", Path: path, Happens: action + " can't be checked", Cause: said.Problem, Hint: said.Hint}
	if gone(err) {
		f.Rule, f.Happens, f.Hint = "deleted", "isn't there any more", "take it out of the template, deploy, and deploy again with it: CloudFormation doesn't restore what its template has as before"
		f.Cause = fmt.Sprintf("it was deleted by hand: %s", said.Problem)
	}
	r.found(f)
	return true
}
