package main

import (
	"log"
	"net/http"
	"os"

	"github.com/modelcontextprotocol/go-sdk/auth"
	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/cloudfurl/cloudfurl/functions/oauth"
	"github.com/cloudfurl/cloudfurl/functions/streamhttp"
)

func main() { streamhttp.Start(newHandler(authorized())) }

// newHandler returns the server for the callers that authorized lets pass.
func newHandler(authorized func(http.Handler) http.Handler) http.Handler {
	server := newServer()
	protocol := mcp.NewStreamableHTTPHandler(func(*http.Request) *mcp.Server { return server }, &mcp.StreamableHTTPOptions{
		// Lambda may run each request of a session in another environment, and they
		// share no memory.
		Stateless: true,
		// What Lambda accepts.
		MaxRequestBodyBytes: 6 << 20,
	})
	// Compares Origin with Host. That is the viewer's, which streamhttp restores.
	sameOrigin := http.NewCrossOriginProtection()

	mux := http.NewServeMux()
	mux.Handle("/mcp", sameOrigin.Handler(authorized(protocol)))
	return mux
}

// authorized returns what lets callers pass: an access token of the ISSUER for the
// RESOURCE, or the fixed token that has the hash TOKEN_SHA256.
func authorized() func(http.Handler) http.Handler {
	issuer := os.Getenv("ISSUER")
	if issuer == "" {
		return auth.RequireBearerToken(verifier(os.Getenv("TOKEN_SHA256")), &auth.RequireBearerTokenOptions{AllowMissingExpiration: true})
	}
	v, err := oauth.New(oauth.Options{Issuer: issuer, Audiences: []string{os.Getenv("RESOURCE")}, Scopes: []string{"mcp"}})
	if err != nil {
		log.Fatal(err)
	}
	return v.Handler
}
