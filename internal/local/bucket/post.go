package bucket

import (
	"encoding/xml"
	"fmt"
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
		caller, rejected := b.authenticate(req)
		if rejected != nil {
			return b.reject(req, *rejected), nil
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
	f, rejected := readForm(req)
	if rejected == nil {
		defer req.MultipartForm.RemoveAll()
		rejected = b.permits(req, f)
	}
	if rejected != nil {
		return b.reject(req, *rejected)
	}
	stored, err := b.upload(f)
	if err != nil {
		return b.reject(req, rejection{status: http.StatusInternalServerError, code: "InternalError", cause: "can't store the object: " + err.Error()})
	}
	defer stored.file.Close()
	b.log.Info(fmt.Sprintf("the bucket %s has a new object %s of %d bytes", b.config.Name, stored.key, stored.info.Size()))
	return b.created(req, f, stored)
}

// permits returns why the form may not upload its file, or nil.
func (b *Bucket) permits(req *http.Request, f *form) *rejection {
	caller, permitted, rejected := b.signedBy(f)
	if rejected != nil {
		return rejected
	}
	key := f.field("key")
	if denial := b.denial(req, caller, actionPut, b.config.ARN+"/"+key); denial != nil {
		return &rejection{status: http.StatusForbidden, code: "AccessDenied", cause: denial.Problem, hint: denial.Hint}
	}
	if key == "" || len(key) > maxKey {
		return invalidForm("Bucket POST must contain a field named 'key'.  If it is specified, please check the order of the fields.", "send a field key of 1 to 1024 bytes")
	}
	return permitted.check(f.file.Size)
}

// signedBy returns who has signed the policy of the form, and which sizes it permits. A
// form without one is anonymous.
func (b *Bucket) signedBy(f *form) (caller sigv4.Identity, permitted sizes, rejected *rejection) {
	if f.field("policy") == "" {
		return caller, sizes{0, maxUpload}, nil
	}
	caller, err := b.config.Verifier.VerifyForm(f.field, b.config.Region)
	if err != nil {
		rejected = unauthenticated(err)
		if rejected.code == "InvalidArgument" {
			rejected.hint = "sign by Signature Version 4: in boto3, set signature_version to s3v4"
		}
		return caller, permitted, rejected
	}
	permitted, rejected = f.check(b.config.Name)
	return caller, permitted, rejected
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
