// Handler makes the pages of the site.
package main

import (
	"net/http"

	"github.com/cloudfurl/cloudfurl/functions/streamhttp"
)

func main() {
	site := http.NewServeMux()
	site.HandleFunc("GET /{$}", showAll)
	site.HandleFunc("POST /search", search)
	site.HandleFunc("POST /recordings", receive)
	site.HandleFunc("/", notFound)
	// Forms of other sites get 403.
	streamhttp.Start(http.NewCrossOriginProtection().Handler(site))
}
