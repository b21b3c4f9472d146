package functionurl

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"
	"strings"

	"github.com/cloudfurl/cloudfurl/internal/local/sigv4"
)

// authorize returns who sent the request, or the answer of who may not.
func (u *URL) authorize(req *http.Request, body []byte) (sigv4.Identity, *http.Response) {
	var caller sigv4.Identity
	if u.config.AuthType == AuthTypeIAM {
		var err error
		if caller, err = u.config.Verifier.Verify(req, hash(body), "lambda", u.config.Region); err != nil {
			return caller, u.unsigned(req, err)
		}
	}
	if lacks := u.permits(caller); lacks != nil {
		return caller, u.refuse(req, forbidden(), lacks.cause(u.config.FunctionARN), lacks.cure(u.config.AuthType))
	}
	if caller.Service != "" {
		u.warnOddPath(req)
	}
	return caller, nil
}

// unsigned answers a request whose signature did not pass.
// Inferred: a missing signature and one of another scheme have one answer.
func (u *URL) unsigned(req *http.Request, err error) *http.Response {
	bad := new(sigv4.Error)
	if !errors.As(err, &bad) {
		return u.refuse(req, forbidden(), err.Error(), "report this request")
	}
	cause := bad.Detail
	if cause == "" {
		cause = bad.Message
	}
	if bad.Code == sigv4.MissingAuthenticationToken {
		return u.refuse(req, forbidden(), cause, bad.Cure)
	}
	return u.refuse(req, badSignature(bad.Code, bad.Message), cause, bad.Cure)
}

// warnOddPath says once that a path which works here may not work on AWS.
// Seen: origin access control's signature fails for paths with %20, + or ://.
func (u *URL) warnOddPath(req *http.Request) {
	if p := req.URL.EscapedPath(); strings.Contains(p, "%20") || strings.Contains(p, "+") || strings.Contains(p, "://") {
		u.oddPath.Do(func() {
			u.log.WarnContext(req.Context(), "a path that may be refused on AWS", "path", p,
				"cause", "signatures of origin access control have failed for paths with %20, + or ://",
				"cure", "carry such values in the query string or the body")
		})
	}
}

func hash(body []byte) string {
	if len(body) == 0 {
		return sigv4.EmptyPayloadHash
	}
	sum := sha256.Sum256(body)
	return hex.EncodeToString(sum[:])
}
