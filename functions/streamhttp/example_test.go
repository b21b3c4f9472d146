package streamhttp_test

import (
	"context"
	"fmt"
	"html/template"
	"io"
	"log/slog"
	"net/http"

	"github.com/aws/aws-lambda-go/events"

	"github.com/cloudfurl/cloudfurl/functions/streamhttp"
)

// This main function streams in Lambda, and outside Lambda serves
// http://127.0.0.1:8080.
func ExampleStart() {
	streamhttp.Start(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for i := range 3 {
			fmt.Fprintf(w, "line %d for %s\n", i, r.Host)
			http.NewResponseController(w).Flush()
		}
	}))
}

// The head of a page is sent before the rest is ready, so that the browser can
// fetch the stylesheet meanwhile. html/template adds 0.75 MB to the zip.
func ExampleStart_page() {
	page := template.Must(template.New("").Parse(`
{{define "head"}}<!DOCTYPE html><title>Orders</title><link rel="stylesheet" href="/style.css">{{end}}
{{define "rest"}}<ul>{{range .}}<li>{{.}}</li>{{end}}</ul>{{end}}`))
	streamhttp.Start(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'self'")
		page.ExecuteTemplate(w, "head", nil)
		http.NewResponseController(w).Flush()
		orders := []string{"<tea>", "milk"} // from a slow database
		if err := page.ExecuteTemplate(w, "rest", orders); err != nil {
			slog.ErrorContext(r.Context(), "can't send the page", "error", err)
		}
	}))
}

// Wrap works without Lambda too: one event in, one stream out.
func ExampleWrap() {
	handle := streamhttp.Wrap(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Path", r.URL.EscapedPath())
		fmt.Fprintf(w, "hello, %s", r.Host)
	}))
	response, err := handle(context.Background(), &events.LambdaFunctionURLRequest{
		Version: "2.0",
		RawPath: "/a%20b",
		Headers: map[string]string{"x-original-host": "www.example.com"},
		RequestContext: events.LambdaFunctionURLRequestContext{
			DomainName: "urlid123.lambda-url.us-west-2.on.aws",
			HTTP:       events.LambdaFunctionURLRequestContextHTTPDescription{Method: "GET"},
		},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer response.Close()
	body, _ := io.ReadAll(response.Body)
	fmt.Println(response.StatusCode, response.Headers["X-Path"], string(body))
	// Output: 200 /a%20b hello, www.example.com
}
