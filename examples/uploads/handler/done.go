package main

import (
	"bufio"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

// done is where S3 sends the browser after an upload. Anybody can open it with any
// parameters, so it believes none: the key has to be one of the user's, and the object to
// be there.
func (u *uploads) done(w http.ResponseWriter, r *http.Request) {
	key := r.URL.Query().Get("key")
	if !strings.HasPrefix(key, prefixOf(userOf(w, r))) {
		http.Error(w, "This isn't your upload.", http.StatusForbidden)
		return
	}
	object, err := u.client.HeadObject(r.Context(), &s3.HeadObjectInput{Bucket: aws.String(u.bucket), Key: aws.String(key)})
	if missing := (*types.NotFound)(nil); errors.As(err, &missing) {
		http.Error(w, "There is no such upload.", http.StatusNotFound)
		return
	}
	var sum, found string
	if err == nil {
		// As it was when its size and type were read: the form can be sent again.
		sum, found, err = u.read(r, key, object.ETag)
	}
	if err != nil {
		slog.ErrorContext(r.Context(), "can't read the upload", "key", key, "error", err)
		http.Error(w, "The server failed.", http.StatusInternalServerError)
		return
	}
	// The policy binds what the form says of the type, not what the file is.
	if claimed := aws.ToString(object.ContentType); found != claimed {
		http.Error(w, fmt.Sprintf("The file was sent as %s, and is %s.", claimed, found), http.StatusUnsupportedMediaType)
		return
	}
	fmt.Fprintf(w, "%d bytes of %s, SHA-256 %s\n", aws.ToInt64(object.ContentLength), found, sum)
}

// read reads an object, of any size, and returns its hash and what type its first bytes
// have.
func (u *uploads) read(r *http.Request, key string, etag *string) (sum, contentType string, err error) {
	object, err := u.client.GetObject(r.Context(), &s3.GetObjectInput{Bucket: aws.String(u.bucket), Key: aws.String(key), IfMatch: etag})
	if err != nil {
		return "", "", err
	}
	defer object.Body.Close()
	content := bufio.NewReader(object.Body)
	first, err := content.Peek(512)
	if err != nil && err != io.EOF {
		return "", "", err
	}
	contentType = http.DetectContentType(first)
	hash := sha256.New()
	_, err = io.Copy(hash, content)
	return fmt.Sprintf("%x", hash.Sum(nil)), contentType, err
}
