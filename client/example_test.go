package client_test

import (
	"context"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"os/signal"
	"strings"

	"github.com/cloudfurl/cloudfurl/client"
)

func ExampleBodyHasher() {
	c := &http.Client{Transport: &client.BodyHasher{}}
	response, err := c.Post("https://d111111abcdef8.cloudfront.net/chat", "text/plain", strings.NewReader("hello world"))
	if err != nil {
		log.Fatal(err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		log.Fatal(response.Status)
	}
	for event, err := range client.Events(response.Body, nil) {
		if err != nil {
			log.Fatal(err)
		}
		if event.Type == "end" {
			return
		}
		fmt.Print(event.Data)
	}
	log.Fatal("the stream ended early")
}

// A file isn't read into memory if it can be opened again.
func ExampleBodyHasher_file() {
	file, err := os.Open("report.txt")
	if err != nil {
		log.Fatal(err)
	}
	request, err := http.NewRequest(http.MethodPut, "https://d111111abcdef8.cloudfront.net/report", file)
	if err != nil {
		log.Fatal(err)
	}
	request.GetBody = func() (io.ReadCloser, error) { return os.Open("report.txt") }
	response, err := (&http.Client{Transport: &client.BodyHasher{}}).Do(request)
	if err != nil {
		log.Fatal(err)
	}
	response.Body.Close()
}

func ExampleSigner() {
	c := &http.Client{Transport: &client.Signer{Credentials: client.EnvironmentCredentials()}}
	response, err := c.Get("https://abcdefghijklmnopqrstuvwxyz.lambda-url.us-east-1.on.aws/")
	if err != nil {
		log.Fatal(err)
	}
	response.Body.Close()
}

func ExampleSubscribe() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "https://d111111abcdef8.cloudfront.net/events", nil)
	if err != nil {
		log.Fatal(err)
	}
	for event, err := range client.Subscribe(request, nil) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(event.ID, event.Data)
	}
}
