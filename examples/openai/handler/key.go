package main

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"log/slog"
	"net/http"
	"strings"
)

// requireKey passes requests on whose bearer token has the hash, and none if the hash
// isn't one. The key is random, so it needs no slower hash.
func requireKey(hash string, next http.Handler) http.Handler {
	want, err := hex.DecodeString(hash)
	valid := err == nil && len(want) == sha256.Size
	if !valid {
		slog.Warn("API_KEY_SHA256 isn't a hash, so every request gets 401: run the CDK app with API_KEY")
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		key, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
		got := sha256.Sum256([]byte(key))
		if !valid || subtle.ConstantTimeCompare(got[:], want) != 1 {
			reject(w, invalid(http.StatusUnauthorized, "invalid_api_key", "", "the API key is missing or wrong: send that of this server as Authorization: Bearer KEY"))
			return
		}
		next.ServeHTTP(w, r)
	})
}
