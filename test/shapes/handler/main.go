// Command handler is a Go handler that fails as its path says, or streams. The
// environment variable LIBRARY selects the package that converts events:
// lambdaurl of aws-lambda-go, or streamhttp.
package main

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"path"
	"time"

	"github.com/aws/aws-lambda-go/lambdaurl"

	"github.com/cloudfurl/cloudfurl/functions/streamhttp"
)

func main() {
	if os.Getenv("LIBRARY") == "streamhttp" {
		streamhttp.Start(http.HandlerFunc(serve))
		return
	}
	lambdaurl.Start(http.HandlerFunc(serve))
}

func serve(w http.ResponseWriter, r *http.Request) {
	switch path.Base(r.URL.Path) {
	case "panic":
		panic("before the first byte")
	case "panic-after":
		fmt.Fprint(w, "first")
		time.Sleep(50 * time.Millisecond)
		panic("after the first byte")
	case "echo":
		io.Copy(w, r.Body)
	case "ticks":
		ticks(w, r)
	}
}

// ticks writes a line every 20 ms until the viewer disconnects, for 2 s at most,
// and logs how it ends.
func ticks(w http.ResponseWriter, r *http.Request) {
	for i := range 100 {
		if _, err := fmt.Fprintf(w, "tick %d\n", i); err != nil {
			fmt.Println("ticks: write failed:", err)
			return
		}
		select {
		case <-r.Context().Done():
			fmt.Println("ticks: the context ended:", r.Context().Err())
			return
		case <-time.After(20 * time.Millisecond):
		}
	}
	fmt.Println("ticks: all written")
}
