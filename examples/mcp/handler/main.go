package main

import (
	"net/http"
	"os"

	"github.com/modelcontextprotocol/go-sdk/auth"
	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/cloudfurl/cloudfurl/functions/streamhttp"
)

func main() { streamhttp.Start(newHandler(os.Getenv("TOKEN_SHA256"))) }

// newHandler returns the server for callers whose token has the hash.
func newHandler(tokenHash string) http.Handler {
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
	authorized := auth.RequireBearerToken(verifier(tokenHash), &auth.RequireBearerTokenOptions{AllowMissingExpiration: true})

	mux := http.NewServeMux()
	mux.Handle("/mcp", sameOrigin.Handler(authorized(protocol)))
	return mux
}
