package adapter

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
)

// A body is what the app sends after its header. When the app breaks off, the
// body ends as if complete, after a text about it.
type body struct {
	io.ReadCloser
	broken func(error) error
	rest   io.Reader // what is read after the app broke off
}

func (a *adapter) newBody(ctx context.Context, req *http.Request, res *http.Response) io.ReadCloser {
	return &body{ReadCloser: res.Body, broken: func(err error) error {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		a.logBroken(req, err, "the viewer gets a complete response that ends with the adapter's error")
		return nil
	}}
}

func (b *body) Read(p []byte) (int, error) {
	if b.rest != nil {
		return b.rest.Read(p)
	}
	n, err := b.ReadCloser.Read(p)
	if err == nil || err == io.EOF {
		return n, err
	}
	if err := b.broken(err); err != nil {
		return n, err
	}
	b.rest = bytes.NewReader(brokenText)
	return n, nil
}

// brokenText is what the adapter sends when the app breaks off. It means to send
// trailers, but sends them as data, so the viewer gets them.
//
// Seen: 1.0.0-rc1, with lambda_runtime 1.1.0-rc1.
var brokenText = fmt.Appendf(nil, "Lambda-Runtime-Function-Error-Type: Runtime.StreamError\r\nLambda-Runtime-Function-Error-Body: %s\r\n",
	base64.StdEncoding.EncodeToString([]byte("error reading a body from connection")))
