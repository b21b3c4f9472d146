// Handler shows what visitors wrote, and a form for more.
package main

import (
	"context"
	"log"
	"net/http"
	"os"

	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/cloudfurl/cloudfurl/functions/streamhttp"
)

func main() {
	settings, err := config.LoadDefaultConfig(context.Background())
	if err != nil {
		log.Fatal(err)
	}
	g := &guestbook{&table{dynamodb.NewFromConfig(settings), os.Getenv("TABLE_NAME")}}
	pages := http.NewServeMux()
	pages.HandleFunc("GET /{$}", g.show)
	pages.HandleFunc("POST /{$}", g.sign)
	// Forms of other sites get 403.
	streamhttp.Start(http.NewCrossOriginProtection().Handler(pages))
}
