package main

import (
	"context"
	"crypto/rand"
	_ "embed"
	"html/template"
	"log/slog"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

const (
	maxSize = 20 << 20 // in bytes; over the 6 MB of a request to Lambda
	expires = 5 * time.Minute
)

//go:embed form.html
var formHTML string

var formTemplate = template.Must(template.New("form").Parse(formHTML))

// uploads are the objects that users have put into a bucket.
type uploads struct {
	client *s3.Client
	bucket string
}

// form sends a form for one file of the user.
func (u *uploads) form(w http.ResponseWriter, r *http.Request) {
	post, err := u.presign(r.Context(), prefixOf(userOf(w, r))+rand.Text(), origin(r)+"/done")
	if err != nil {
		slog.ErrorContext(r.Context(), "can't presign", "error", err)
		http.Error(w, "The server failed.", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store") // everybody who has the form may upload by it
	formTemplate.Execute(w, post)
}

// presign returns a form for an image with a key. Its fields are all that S3 accepts beside
// Content-Type, which the user chooses, and file.
func (u *uploads) presign(ctx context.Context, key, redirect string) (*s3.PresignedPostRequest, error) {
	input := &s3.PutObjectInput{Bucket: aws.String(u.bucket), Key: aws.String(key)}
	post, err := s3.NewPresignClient(u.client).PresignPostObject(ctx, input, func(o *s3.PresignPostOptions) {
		o.Expires = expires
		o.Conditions = []any{
			[]any{"content-length-range", 1, maxSize},
			[]any{"starts-with", "$Content-Type", "image/"},
			[]any{"eq", "$success_action_redirect", redirect},
		}
	})
	if err != nil {
		return nil, err
	}
	post.Values["success_action_redirect"] = redirect
	return post, nil
}

// origin returns the origin of the page, as the viewer sees it.
func origin(r *http.Request) string { return r.Header.Get("X-Forwarded-Proto") + "://" + r.Host }
