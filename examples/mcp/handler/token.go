package main

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"log/slog"
	"net/http"

	"github.com/modelcontextprotocol/go-sdk/auth"
)

// verifier accepts the token with a hash, and none if the hash isn't one. The
// token is random, so it needs no slower hash.
func verifier(hash string) auth.TokenVerifier {
	want, err := hex.DecodeString(hash)
	if err != nil || len(want) != sha256.Size {
		slog.Warn("TOKEN_SHA256 isn't a hash, so every request gets 401: run the CDK app with MCP_TOKEN")
	}
	return func(_ context.Context, token string, _ *http.Request) (*auth.TokenInfo, error) {
		got := sha256.Sum256([]byte(token))
		if err != nil || subtle.ConstantTimeCompare(got[:], want) != 1 {
			return nil, auth.ErrInvalidToken
		}
		return &auth.TokenInfo{}, nil
	}
}
