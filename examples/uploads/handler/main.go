// Handler serves a form that uploads an image to a bucket, and says what has arrived.
package main

import (
	"context"
	"log/slog"
	"net/http"
	"os"

	"github.com/aws/aws-lambda-go/lambdacontext"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/cloudfurl/cloudfurl/functions/requestlog"
	"github.com/cloudfurl/cloudfurl/functions/streamhttp"
)

func main() {
	slog.SetDefault(lambdacontext.NewLogger())
	settings, err := config.LoadDefaultConfig(context.Background())
	if err != nil {
		slog.Error(err.Error())
		os.Exit(1)
	}
	client := s3.NewFromConfig(settings, func(o *s3.Options) {
		o.DisableLogOutputChecksumValidationSkipped = true // of objects from forms
	})
	u := &uploads{client, os.Getenv("BUCKET")}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", u.form)
	mux.HandleFunc("GET /done", u.done)
	streamhttp.Start(requestlog.Middleware(mux))
}
