package bucket

import (
	"errors"
	"io"
	"io/fs"
	"maps"
	"net/http"
	"os"
	"slices"
	"strconv"
)

// An object is an open file that the bucket has under a key.
type object struct {
	key    string
	file   *os.File
	info   fs.FileInfo
	header http.Header
}

// find opens the object of a key, in the last layer that has it. The error is
// fs.ErrNotExist, or an unreadableError.
func (b *Bucket) find(key string) (*object, error) {
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

// overrides are the query parameters that set headers of the answer, for
// callers who sign.
//
// See: https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html#API_GetObject_RequestSyntax
var overrides = map[string]string{
	"response-cache-control":       "Cache-Control",
	"response-content-disposition": "Content-Disposition",
	"response-content-encoding":    "Content-Encoding",
	"response-content-language":    "Content-Language",
	"response-content-type":        "Content-Type",
	"response-expires":             "Expires",
}

// answer answers with the object, a part of it, or why the caller need not have
// it.
func (b *Bucket) answer(req *http.Request, who caller, o *object) *http.Response {
	etag, err := b.etags.of(o)
	if err != nil {
		o.file.Close()
		return b.refuse(req, refusal{
			status: http.StatusInternalServerError, code: codeInternalError,
			cause: "the object " + o.key + " cannot be read: " + err.Error(), cure: "look at the file's permissions, and try again",
		})
	}
	h := o.responseHeader(etag)
	for parameter, name := range overrides {
		value := req.URL.Query().Get(parameter)
		if value == "" {
			continue
		}
		if who.anonymous() {
			o.file.Close()
			return b.refuse(req, refusal{
				status: http.StatusBadRequest, code: codeInvalidRequest,
				message: "Request specific response headers cannot be used for anonymous GET requests.",
				cause:   "the query has " + parameter + ", and the request is not signed", cure: "use origin access control, or drop the parameter",
			})
		}
		h.Set(name, value)
	}
	modified := o.info.ModTime().Truncate(second)
	switch outcome := checkConditions(req.Header, etag, modified); outcome {
	case http.StatusNotModified:
		o.file.Close()
		h.Del("Content-Type")
		return newResponse(req, http.StatusNotModified, h, nil)
	case http.StatusPreconditionFailed:
		o.file.Close()
		return b.refuse(req, refusal{
			status: http.StatusPreconditionFailed, code: codePreconditionFailed,
			cause: "If-Match or If-Unmodified-Since does not hold for " + o.key, cure: "ask for the object without the condition",
		})
	}
	size := o.info.Size()
	part, kind := parseRange(req.Header, size, etag, modified)
	status := http.StatusOK
	switch kind {
	case rangeUnsatisfiable:
		o.file.Close()
		return b.refuse(req, refusal{
			status: http.StatusRequestedRangeNotSatisfiable, code: codeInvalidRange, size: size, requested: req.Header.Get("Range"),
			cause: "the range " + req.Header.Get("Range") + " begins after the end of " + o.key + ", which has " + strconv.FormatInt(size, 10) + " bytes",
			cure:  "ask for a range within the object",
		})
	case rangePart:
		status = http.StatusPartialContent
		h.Set("Content-Range", part.contentRange(size))
	case rangeWhole:
		part = byteRange{0, size}
	}
	h.Set("Content-Length", strconv.FormatInt(part.length, 10))
	resp := newResponse(req, status, h, nil)
	resp.ContentLength = part.length
	if req.Method == http.MethodHead || part.length == 0 {
		o.file.Close()
		return resp
	}
	resp.Body = fileBody{io.NewSectionReader(o.file, part.start, part.length), o.file}
	return resp
}

// A fileBody streams a part of a file.
type fileBody struct {
	io.Reader
	io.Closer
}

// responseHeader returns what S3 tells of an object. New objects are always
// encrypted.
//
// See: https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html#API_GetObject_ResponseSyntax
// See: https://docs.aws.amazon.com/AmazonS3/latest/userguide/default-encryption-faq.html
func (o *object) responseHeader(etag string) http.Header {
	h := newHeader()
	h.Set("Accept-Ranges", "bytes")
	h.Set("Etag", etag)
	h.Set("Last-Modified", o.info.ModTime().UTC().Format(http.TimeFormat))
	h.Set("X-Amz-Server-Side-Encryption", "AES256")
	h.Set("Content-Type", mediaType(o.key))
	maps.Copy(h, o.header)
	return h
}
