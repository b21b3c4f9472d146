package main

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
)

const cookieName = "user"

// userOf returns the secret of a user, whom a cookie knows. An app has its own sign-in in
// place of this.
func userOf(w http.ResponseWriter, r *http.Request) string {
	if cookie, err := r.Cookie(cookieName); err == nil {
		return cookie.Value
	}
	secret := rand.Text()
	http.SetCookie(w, &http.Cookie{
		Name: cookieName, Value: secret, Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode,
		Secure: r.Header.Get("X-Forwarded-Proto") == "https",
	})
	return secret
}

// prefixOf returns what the keys of a user begin with. They are in URLs and logs, so they
// don't have the secret.
func prefixOf(user string) string {
	sum := sha256.Sum256([]byte(user))
	return "uploads/" + hex.EncodeToString(sum[:16]) + "/"
}
