// Package oauth verifies OAuth 2 access tokens that are JWTs, as an
// [net/http] middleware: the signature by the keys of the issuer, the issuer, the
// audience, the expiry and the scopes.
//
//	verifier, err := oauth.New(oauth.Options{
//		Issuer:    "https://tenant.eu.auth0.com/",
//		Audiences: []string{"https://api.example.com"},
//		Scopes:    []string{"read"},
//	})
//	…
//	streamhttp.Start(verifier.Handler(handler))
//
// A request without a valid token gets 401, and one whose token lacks a scope 403,
// with the challenge of RFC 6750 and the URL of the metadata of RFC 9728. Handlers
// find the token by [FromContext].
//
// The package is a module of its own, so that nobody else gets its dependency,
// go-jose, which has none.
//
// # What is accepted
//
// Only RS256 and ES256, with a key of the issuer's JWKS that has the
// token's kid. So neither alg none nor a public key as the secret of HS256 works.
// The header typ is at+jwt or JWT, or absent: a logout token or a proof of
// possession is no access token. A token without aud has its client_id in
// Audiences, as Cognito's access tokens do; Cognito's ID tokens are rejected by
// their token_use. Name the audience: it isn't taken from the request, so a token
// for another API of the same issuer is rejected whatever the Host.
//
// # Keys
//
// They are found by the issuer's .well-known/openid-configuration or
// .well-known/oauth-authorization-server at the first request, and kept. They are
// fetched again after an hour, and for a token whose key is unknown, as after a
// rotation, but at most once in KeyInterval. There is no goroutine: Lambda would
// freeze it. While keys can't be fetched, those that were are kept, and without any
// requests get 503. Requests wait while their process fetches keys: at most 3 seconds
// for each of up to three documents.
//
// # Streams
//
// A token is verified when the request begins, and the response may last longer:
// a function's timeout is its limit, at most 15 minutes. EndAtExpiry ends the
// request's context at the expiry instead, with [ErrExpired] as its cause.
//
// See: https://www.rfc-editor.org/rfc/rfc9068 and https://www.rfc-editor.org/rfc/rfc8725
package oauth
