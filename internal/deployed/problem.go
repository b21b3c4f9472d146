package deployed

import (
	"cmp"
	"context"
	"errors"
	"net"
	"slices"
	"strings"

	"github.com/aws/smithy-go"

	"github.com/cloudfurl/cloudfurl/internal/fault"
)

const hintCredentials = "log in, as by aws sso login, and set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"

// refused are the codes of errors about credentials, which every call would get.
//
// See: https://docs.aws.amazon.com/IAM/latest/APIReference/CommonErrors.html
var refused = []string{"ExpiredToken", "ExpiredTokenException", "RequestExpired", "InvalidClientTokenId", "UnrecognizedClientException", "InvalidAccessKeyId",
	"AuthFailure", "MissingAuthenticationToken", "SignatureDoesNotMatch", "InvalidSignatureException", "IncompleteSignature"}

// problem says in a sentence why a call failed. Others would fail too if it is fatal.
func problem(err error, action, resource string) (said *fault.Error, fatal bool) {
	var api smithy.APIError
	var network net.Error
	called := action + " of " + resource
	switch {
	case errors.Is(err, context.Canceled):
		return fault.New("", "interrupted"), true
	case !errors.As(err, &api) && errors.As(err, &network):
		return fault.New("check the network, HTTPS_PROXY, AWS_ENDPOINT_URL and the name of the region", "AWS can't be reached for %s: %v", called, network), true
	case api == nil:
		return fault.New("", "%s failed: %v", called, err), false
	case slices.Contains(refused, api.ErrorCode()):
		return fault.New(hintCredentials, "AWS doesn't accept this machine's credentials: %s: %s", api.ErrorCode(), api.ErrorMessage()), true
	case strings.HasPrefix(api.ErrorCode(), "AccessDenied"):
		return fault.New("allow "+action+"; docs/check.md has the whole policy", "this machine's credentials don't permit %s: %s", called, api.ErrorMessage()), false
	}
	return fault.New("", "%s failed: %s: %s", called, api.ErrorCode(), api.ErrorMessage()), false
}

// gone reports whether an error says that something isn't there.
func gone(err error) bool {
	var api smithy.APIError
	return errors.As(err, &api) && (strings.Contains(api.ErrorCode(), "NotFound") || strings.HasPrefix(api.ErrorCode(), "NoSuch"))
}

// read returns what a path names in the answer of a call about a resource, in the shape of
// CloudFormation. If the call failed, or its answer lacks that, it is a finding, and what
// isn't there any more leaves the template.
func read[T any](r *reader, live *resource, action string, answer any, err error, path ...string) (got T, ok bool) {
	if err == nil {
		value := shape(answer)
		for _, name := range path {
			object, _ := value.(map[string]any)
			value = object[name]
		}
		if got, ok = value.(T); ok {
			return got, true
		}
		err = errors.New("AWS's answer lacks " + cmp.Or(strings.Join(path, "."), "all of it"))
	}
	said, fatal := problem(err, action, live.physical)
	if fatal && r.fatal == nil {
		r.fatal = said
	}
	if gone(err) {
		r.found("deleted", live.path(), "", "isn't there any more", "it was deleted outside of CloudFormation: "+said.Problem,
			"take it out of the template, deploy, and deploy again with it: a deployment alone doesn't restore it")
		live.remove()
	} else {
		r.found("unchecked", live.path(), "", "isn't checked wholly as it is on AWS", said.Problem, said.Hint)
	}
	return got, false
}
