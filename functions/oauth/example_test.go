package oauth_test

import (
	"fmt"
	"log"
	"net/http"

	"github.com/cloudfurl/cloudfurl/functions/oauth"
)

// A handler for requests with a token of the issuer for this API.
func ExampleVerifier_Handler() {
	verifier, err := oauth.New(oauth.Options{
		Issuer:    "https://tenant.eu.auth0.com/",
		Audiences: []string{"https://api.example.com"},
		Scopes:    []string{"read"},
	})
	if err != nil {
		log.Fatal(err)
	}
	handler := verifier.Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		token := oauth.FromContext(r.Context())
		fmt.Fprintf(w, "hello %s, may write: %v\n", token.Subject, token.HasScope("write"))
	}))
	http.Handle("/", handler) // or streamhttp.Start(handler)
}
