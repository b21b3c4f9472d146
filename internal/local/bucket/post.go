package bucket

import (
	"cmp"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"

	"github.com/cloudfurl/cloudfurl/internal/local/exchange"
	"github.com/cloudfurl/cloudfurl/internal/local/sigv4"
)

// ServeHTTP serves handlers and forms, which reach the bucket by its name as the first
// segment of the path.
//
// See: https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html#path-style-access
func (b *Bucket) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	exchange.Serve(func(req *http.Request) (*http.Response, error) {
		if req.Method == http.MethodPost && strings.Trim(req.URL.Path, "/") == b.config.Name {
			return b.post(req), nil
		}
		caller, denied := b.authenticate(req)
		if denied != nil {
			return b.reject(req, denied), nil
		}
		inner := req.Clone(req.Context())
		inner.Host = b.config.Hosts[0]
		inner.URL.Path, inner.URL.RawPath = strings.TrimPrefix(req.URL.Path, "/"+b.config.Name), strings.TrimPrefix(req.URL.RawPath, "/"+b.config.Name)
		return b.serve(inner, caller), nil
	}, w, r)
}

// post stores the file of a form.
//
// See: https://docs.aws.amazon.com/AmazonS3/latest/API/RESTObjectPOST.html
func (b *Bucket) post(req *http.Request) *http.Response {
	f, stored, err := b.store(req)
	io.Copy(io.Discard, req.Body) // so that a viewer who is still sending gets the response
	if err != nil {
		denied := rejected("InternalError", "can't store the object: "+err.Error(), "")
		errors.As(err, &denied)
		return b.reject(req, denied)
	}
	defer stored.file.Close()
	b.log.Info(fmt.Sprintf("the bucket %s has a new object %s of %d bytes", b.config.Name, stored.key, stored.info.Size()))
	return b.created(req, f, stored)
}

func (b *Bucket) store(req *http.Request) (*form, *object, error) {
	f, denied := readForm(req)
	if denied != nil {
		return nil, nil, denied
	}
	permitted, denied := b.permits(req, f)
	if denied != nil {
		return nil, nil, denied
	}
	stored, err := b.upload(f, permitted)
	return f, stored, err
}

// permits returns which sizes the file of the form may have, or why it may not be
// uploaded. A form without a policy is anonymous.
func (b *Bucket) permits(req *http.Request, f *form) (permitted sizes, denied *rejection) {
	key := f.field("key")
	if key == "" || len(key) > maxKey {
		return permitted, invalidForm("Bucket POST must contain a field named 'key'.  If it is specified, please check the order of the fields.", "send a field key of 1 to 1024 bytes before the file")
	}
	var caller sigv4.Identity
	if permitted.maximum = maxUpload; f.field("policy") != "" {
		var err error
		if caller, err = b.config.Verifier.VerifyForm(f.field, b.config.Region); err != nil {
			denied = unauthenticated(err)
			if denied.code == "InvalidArgument" {
				denied.hint = "sign by Signature Version 4: in boto3, set signature_version to s3v4"
			}
			return permitted, denied
		}
		permitted, denied = f.check(b.config.Name)
	}
	if denial := b.denial(req, caller, actionPut, b.config.ARN+"/"+key); denied == nil && denial != nil {
		denied = rejected("AccessDenied", denial.Problem, denial.Hint)
	}
	return permitted, denied
}

// A postResponse is the body of a 201.
type postResponse struct {
	XMLName                     xml.Name `xml:"PostResponse"`
	Location, Bucket, Key, ETag string
}

// created responds as the form wants: with a redirect, or with 200, 201 or 204.
//
// Seen: layervault/layervault_ruby_client#8, for the redirect.
func (b *Bucket) created(req *http.Request, f *form, o *object) *http.Response {
	h := newHeader()
	h.Set("Etag", o.entityTag())
	h.Set("Location", "http://"+req.Host+"/"+b.config.Name+"/"+url.PathEscape(o.key))
	if to, err := url.Parse(f.field("success_action_redirect")); err == nil && to.IsAbs() {
		more := fmt.Sprintf("bucket=%s&key=%s&etag=%s", b.config.Name, url.QueryEscape(o.key), url.QueryEscape(o.entityTag()))
		to.RawQuery = strings.TrimPrefix(to.RawQuery+"&"+more, "&")
		h.Set("Location", to.String())
		return exchange.NewResponse(req, http.StatusSeeOther, h, nil)
	}
	switch f.field("success_action_status") {
	case "200":
		return exchange.NewResponse(req, http.StatusOK, h, nil)
	case "201":
		h.Set("Content-Type", "application/xml")
		body, _ := xml.Marshal(postResponse{Location: h.Get("Location"), Bucket: b.config.Name, Key: o.key, ETag: o.entityTag()})
		return exchange.NewResponse(req, http.StatusCreated, h, append([]byte(xml.Header), body...))
	}
	return exchange.NewResponse(req, http.StatusNoContent, h, nil)
}

// maxUpload is the largest object of a form, and maxFields what comes before it, in bytes.
//
// See: https://docs.aws.amazon.com/AmazonS3/latest/API/RESTObjectPOST.html
const maxUpload, maxFields = 5 << 30, 20 << 10

// A form is an HTML form that uploads a file, which isn't read yet.
type form struct {
	fields map[string]string // by their names in lower case
	file   *multipart.Part
}

// readForm reads a form up to its file: S3 ignores the fields behind it. In the fields,
// ${filename} stands for the name of the file.
//
// See: https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTForms.html
// Seen: asmcos/requests#36, for fields behind the file, and waynehoover/s3_direct_upload#45,
// for fields that are too large.
func readForm(req *http.Request) (*form, *rejection) {
	req.Body = http.MaxBytesReader(nil, req.Body, maxUpload+1<<20)
	f, fields := &form{fields: map[string]string{}}, &io.LimitedReader{N: maxFields}
	parts, err := req.MultipartReader()
	for err == nil && fields.N > 0 {
		if f.file, err = parts.NextPart(); err != nil || f.file.FormName() == "file" {
			break
		}
		fields.R = f.file
		value, _ := io.ReadAll(fields) // NextPart returns its error, too
		name := strings.ToLower(f.file.FormName())
		f.fields[name] = strings.TrimPrefix(f.fields[name]+","+string(value), ",")
	}
	switch {
	case fields.N == 0:
		return nil, rejected("MaxPostPreDataLengthExceeded", "the fields before the file have 20 KB or more", "name the input of the file file")
	case err == io.EOF:
		return nil, invalidForm("POST requires exactly one file upload per request.", "name the input of the file file")
	case err != nil:
		return nil, rejected("PreconditionFailed", "can't read the form: "+err.Error(), "set enctype to multipart/form-data")
	}
	for name, value := range f.fields {
		f.fields[name] = strings.ReplaceAll(value, "${filename}", f.file.FileName())
	}
	return f, nil
}

// invalidForm returns S3's response to a form without what it needs.
//
// Seen: rowanwins/vue-dropzone#303.
func invalidForm(message, hint string) *rejection {
	return &rejection{code: "InvalidArgument", message: message, cause: message, hint: hint}
}

func (f *form) field(name string) string { return f.fields[name] }

// header returns the headers of the object. Other fields than these have no effect on it.
func (f *form) header() http.Header {
	h := http.Header{"Content-Type": {cmp.Or(f.field("content-type"), defaultMediaType)}}
	for name, value := range f.fields {
		if name == "cache-control" || name == "content-disposition" || name == "content-encoding" || strings.HasPrefix(name, "x-amz-meta-") {
			h.Set(name, value)
		}
	}
	return h
}
