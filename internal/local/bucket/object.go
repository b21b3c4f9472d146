package bucket

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"time"

	"github.com/cloudfurl/cloudfurl/internal/local/exchange"
)

// An object is an open file with the key that the bucket has it under.
type object struct {
	key    string
	file   *os.File
	info   fs.FileInfo
	header http.Header
}

// find opens the object of a key, as a form put it there or else in the last layer
// that has it. The error is
// fs.ErrNotExist, or says why a file that exists can't be served.
func (b *Bucket) find(key string) (*object, error) {
	if uploaded, err := b.findUploaded(key); uploaded != nil || err != nil {
		return uploaded, err
	}
	for _, layer := range slices.Backward(b.config.Layers) {
		name, ok := layer.path(key)
		if !ok {
			continue
		}
		for _, dir := range slices.Backward(layer.Dirs) {
			file, info, err := open(dir, name)
			if err == nil {
				return &object{key: key, file: file, info: info, header: layer.Header}, nil
			}
			if !errors.Is(err, fs.ErrNotExist) {
				return nil, err
			}
		}
		if layer.Prune {
			break
		}
	}
	return nil, fs.ErrNotExist
}

// send responds with the object or a part of it, or with what its conditions ask
// for. net/http decides about conditions and ranges.
//
// See: https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html#API_GetObject_RequestSyntax
func (b *Bucket) send(req *http.Request, o *object) *http.Response {
	h := o.responseHeader()
	outcome := evaluate(req, h, o)
	resp := exchange.NewResponse(req, outcome.status, h, nil)
	switch outcome.status {
	case http.StatusOK, http.StatusPartialContent:
		resp.ContentLength = outcome.length
		h.Set("Content-Length", strconv.FormatInt(outcome.length, 10))
		if outcome.status == http.StatusPartialContent {
			h.Set("Content-Range", outcome.header.Get("Content-Range"))
		}
		if outcome.body != nil {
			resp.Body = fileBody{outcome.body, o.file}
			return resp
		}
	case http.StatusNotModified:
		h.Del("Content-Type")
	case http.StatusPreconditionFailed:
		resp = b.reject(req, rejected("PreconditionFailed", "If-Match or If-Unmodified-Since doesn't hold for "+o.key, "request the object without the condition"))
	case http.StatusRequestedRangeNotSatisfiable:
		size := o.info.Size()
		resp = b.reject(req, &rejection{
			code: "InvalidRange", size: size, requested: req.Header.Get("Range"),
			cause: "the range " + req.Header.Get("Range") + " begins after the end of " + o.key + ", which has " + strconv.FormatInt(size, 10) + " bytes",
			hint:  "request a range within the object",
		})
	}
	o.file.Close()
	return resp
}

// An outcome is the http.ResponseWriter that http.ServeContent decides on. It
// keeps the part of the file to send instead of copying it.
type outcome struct {
	header http.Header
	status int
	length int64
	body   io.Reader
}

func (o *outcome) Header() http.Header         { return o.header }
func (o *outcome) WriteHeader(status int)      { o.status = status }
func (o *outcome) Write(p []byte) (int, error) { return len(p), nil }

// ReadFrom keeps the reader that io.Copy would read from.
func (o *outcome) ReadFrom(r io.Reader) (int64, error) {
	o.body = r
	return 0, nil
}

// singleRange is the form of Range that S3 supports. It ignores all others.
//
// Seen: versity/versitygw#1120.
var singleRange = regexp.MustCompile(`^bytes=(\d+-\d*|-\d+)$`)

// evaluate applies the conditions and the range of a request to an object with
// the header h.
//
// Inferred: S3 ignores several ranges, as RFC 9110 lets a server do.
func evaluate(req *http.Request, h http.Header, o *object) *outcome {
	asked := &http.Request{Method: req.Method, Header: req.Header.Clone()}
	if !singleRange.MatchString(req.Header.Get("Range")) {
		asked.Header.Del("Range")
	}
	size := o.info.Size()
	result := &outcome{header: http.Header{"Etag": h["Etag"], "Content-Type": h["Content-Type"]}}
	http.ServeContent(result, asked, "", o.info.ModTime().Truncate(time.Second), io.NewSectionReader(o.file, 0, size))
	if result.length = size; result.status == http.StatusPartialContent {
		// ServeContent has written it, as digits.
		result.length, _ = strconv.ParseInt(result.header.Get("Content-Length"), 10, 64)
	}
	return result
}

// A fileBody streams a part of a file.
type fileBody struct {
	io.Reader
	io.Closer
}

// responseHeader returns the headers of an object. New objects are always
// encrypted.
//
// See: https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html#API_GetObject_ResponseSyntax
// See: https://docs.aws.amazon.com/AmazonS3/latest/userguide/default-encryption-faq.html
func (o *object) responseHeader() http.Header {
	h := newHeader()
	h.Set("Accept-Ranges", "bytes")
	h.Set("Etag", o.entityTag())
	h.Set("Last-Modified", o.info.ModTime().UTC().Format(http.TimeFormat))
	h.Set("X-Amz-Server-Side-Encryption", "AES256")
	h.Set("Content-Type", mediaType(o.key))
	maps.Copy(h, o.header)
	return h
}

// entityTag returns a tag that changes with the file. S3's is mostly the MD5 of
// the content, and reading a file for it would delay the first byte.
//
// See: https://docs.aws.amazon.com/AmazonS3/latest/API/API_Object.html
func (o *object) entityTag() string {
	return fmt.Sprintf(`"%x-%x"`, o.info.Size(), o.info.ModTime().UnixNano())
}

// uploadName returns the name of the file for a key, which may be one that no file has.
func uploadName(key string) string {
	sum := sha256.Sum256([]byte(key))
	return hex.EncodeToString(sum[:])
}

// upload stores the file of a form as an object, in place of one with the same key, and
// opens it. The error is a *rejection if its size isn't permitted.
func (b *Bucket) upload(f *form, permitted sizes) (*object, error) {
	to, err := os.CreateTemp(b.config.Uploads, "new")
	if err != nil {
		return nil, err
	}
	key := f.field("key")
	size, err := io.Copy(to, f.file)
	if err = errors.Join(err, to.Close(), permitted.check(size)); err == nil {
		err = os.Rename(to.Name(), filepath.Join(b.config.Uploads, uploadName(key)))
	}
	if err != nil {
		return nil, errors.Join(err, os.Remove(to.Name()))
	}
	b.uploaded.Store(key, f.header())
	return b.findUploaded(key)
}

// findUploaded opens the object that a form has stored, or returns nil.
func (b *Bucket) findUploaded(key string) (*object, error) {
	header, ok := b.uploaded.Load(key)
	if !ok {
		return nil, nil
	}
	file, info, err := open(b.config.Uploads, uploadName(key))
	return &object{key: key, file: file, info: info, header: header.(http.Header)}, err
}
