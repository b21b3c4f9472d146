package oauth

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"regexp"
	"strings"
)

// bearer matches the header Authorization with an access token.
//
// See: https://www.rfc-editor.org/rfc/rfc6750#section-2.1
var bearer = regexp.MustCompile(`(?i)^bearer +([a-z0-9._~+/-]+=*) *$`)

type contextKey struct{}

// FromContext returns the token of a request, given the request's context, or nil
// outside of a Verifier's Handler.
func FromContext(ctx context.Context) *Token {
	token, _ := ctx.Value(contextKey{}).(*Token)
	return token
}

// Handler returns a handler that serves requests with a valid token by next. A
// preflight request (CORS) has no token, so answer it before.
func (v *Verifier) Handler(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		match := bearer.FindStringSubmatch(r.Header.Get("Authorization"))
		if match == nil {
			v.reject(w, http.StatusUnauthorized, "", "The request has no access token.")
			return
		}
		token, err := v.Verify(match[1])
		if err != nil {
			slog.WarnContext(r.Context(), "oauth: rejecting a request", "method", r.Method, "path", r.URL.Path, "error", err.Error())
		}
		switch {
		case errors.Is(err, ErrScope):
			v.reject(w, http.StatusForbidden, "insufficient_scope", "The access token lacks a scope.")
		case errors.Is(err, ErrInvalid):
			v.reject(w, http.StatusUnauthorized, "invalid_token", "The access token isn't valid.")
		case err != nil:
			w.Header().Set("Retry-After", "1")
			http.Error(w, "The access token can't be verified now.", http.StatusServiceUnavailable)
		default:
			ctx, cancel := context.WithValue(r.Context(), contextKey{}, token), func() {}
			if v.options.EndAtExpiry {
				ctx, cancel = context.WithDeadlineCause(ctx, token.Expiry.Time(), ErrExpired)
			}
			defer cancel()
			next.ServeHTTP(w, r.WithContext(ctx))
		}
	})
}

// reject responds with a challenge, which has no error without a token.
//
// See: https://www.rfc-editor.org/rfc/rfc6750#section-3 and https://www.rfc-editor.org/rfc/rfc9728#section-5.1
func (v *Verifier) reject(w http.ResponseWriter, status int, code, message string) {
	var parts []string
	for _, part := range [][2]string{{"resource_metadata", v.metadata}, {"scope", strings.Join(v.options.Scopes, " ")}, {"error", code}} {
		if part[1] != "" {
			parts = append(parts, part[0]+`="`+part[1]+`"`)
		}
	}
	w.Header().Set("WWW-Authenticate", strings.TrimSpace("Bearer "+strings.Join(parts, ", ")))
	http.Error(w, message, status)
}
