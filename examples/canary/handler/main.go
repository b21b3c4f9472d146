package main

import (
	"fmt"
	"net/http"
	"time"

	"github.com/cloudfurl/cloudfurl/functions/streamhttp"
)

// version is what to change to see a deployment.
const version = 1

func main() {
	streamhttp.Start(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for i := range 3 {
			fmt.Fprintf(w, "%d: version %d\n", i, version)
			time.Sleep(200 * time.Millisecond)
		}
	}))
}
