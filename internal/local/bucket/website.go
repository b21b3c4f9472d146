package bucket

import (
	"bytes"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// A Website is what WebsiteConfiguration says, without redirection rules.
//
// See: https://docs.aws.amazon.com/AmazonS3/latest/userguide/WebsiteHosting.html
type Website struct {
	// Hosts are the domain names of the website endpoint. Required.
	Hosts []string

	// IndexDocument is the name that stands for a directory. Required.
	IndexDocument string

	// ErrorDocument is the key of the object that errors show.
	// Default: a page of S3's own.
	ErrorDocument string
}

// Website returns the website endpoint. It takes GET and HEAD over HTTP and
// knows no signatures: the policy must let everybody in.
//
// See: https://docs.aws.amazon.com/AmazonS3/latest/userguide/WebsiteEndpoints.html#WebsiteRestEndpointDiff
func (b *Bucket) Website(site Website) http.RoundTripper {
	return website{b, site}
}

type website struct {
	bucket *Bucket
	site   Website
}

// RoundTrip serves one request of the website endpoint.
func (w website) RoundTrip(req *http.Request) (*http.Response, error) {
	defer closeBody(req)
	if req.URL.Scheme == "https" {
		return nil, fmt.Errorf("the website endpoint %s takes no HTTPS: set OriginProtocolPolicy to http-only", requestHost(req))
	}
	return w.serve(req), nil
}

func (w website) serve(req *http.Request) *http.Response {
	switch {
	case req.Method != http.MethodGet && req.Method != http.MethodHead:
		return w.refuse(req, refusal{
			status: http.StatusMethodNotAllowed, code: codeMethodNotAllowed,
			cause: "a website endpoint takes GET and HEAD only", cure: "send " + req.Method + " to another origin",
		})
	case !slices.Contains(w.site.Hosts, requestHost(req)):
		return w.refuse(req, refusal{
			status: http.StatusNotFound, code: codeNoSuchBucket,
			cause: "the request's Host is " + requestHost(req) + ", which S3 takes for the name of another bucket",
			cure:  "do not forward the viewer's Host to a bucket: leave it out of the origin request policy",
		})
	}
	key, err := url.QueryUnescape(strings.TrimPrefix(req.URL.EscapedPath(), "/"))
	if err != nil {
		return w.refuse(req, refusal{status: http.StatusBadRequest, code: codeInvalidURI, cause: err.Error(), cure: "percent-encode the key"})
	}
	if key == "" || strings.HasSuffix(key, "/") {
		key += w.site.IndexDocument
	}
	found, refused := w.open(req, key)
	if refused == nil {
		return w.answer(req, found)
	}
	// A directory without its slash is sent to the one with it.
	// See: https://docs.aws.amazon.com/AmazonS3/latest/userguide/IndexDocumentSupport.html
	if index, missing := w.open(req, key+"/"+w.site.IndexDocument); missing == nil {
		index.file.Close()
		h := newHeader()
		h.Set("Location", (&url.URL{Path: "/" + key + "/"}).EscapedPath())
		return newResponse(req, http.StatusFound, h, nil)
	}
	return w.refuse(req, *refused)
}

// open opens an object that everybody may read.
func (w website) open(req *http.Request, key string) (*object, *refusal) {
	b := w.bucket
	t := target{key: key, action: actionGet}
	if refused := b.authorize(req, caller{}, t); refused != nil {
		return nil, refused
	}
	found, err := b.find(key)
	if err != nil {
		refused := b.missing(req, caller{}, t, err)
		return nil, &refused
	}
	return found, nil
}

// answer answers with an object. Its redirection wins over its content.
//
// See: https://docs.aws.amazon.com/AmazonS3/latest/userguide/how-to-page-redirect.html
func (w website) answer(req *http.Request, found *object) *http.Response {
	to := found.header.Get("X-Amz-Website-Redirect-Location")
	if to == "" {
		return w.bucket.answer(withoutQuery(req), caller{}, found)
	}
	found.file.Close()
	h := newHeader()
	h.Set("Location", to)
	return newResponse(req, http.StatusMovedPermanently, h, nil)
}

// refuse answers with the error document, or a page.
//
// See: https://docs.aws.amazon.com/AmazonS3/latest/userguide/CustomErrorDocSupport.html
func (w website) refuse(req *http.Request, r refusal) *http.Response {
	w.bucket.logRefusal(req, r)
	if w.site.ErrorDocument != "" && r.code != codeNoSuchBucket {
		if found, missing := w.open(req, w.site.ErrorDocument); missing == nil {
			plain := withoutQuery(req)
			plain.Header = http.Header{} // conditions and ranges are not about this object
			resp := w.bucket.answer(plain, caller{}, found)
			resp.StatusCode, resp.Status = r.status, fmt.Sprintf("%d %s", r.status, http.StatusText(r.status))
			return resp
		}
	}
	message := r.message
	if message == "" {
		message = messages[r.code]
	}
	var page bytes.Buffer
	title := fmt.Sprintf("%d %s", r.status, http.StatusText(r.status))
	fmt.Fprintf(&page, "<html>\n<head><title>%s</title></head>\n<body>\n<h1>%s</h1>\n<ul>\n<li>Code: %s</li>\n<li>Message: %s</li>\n</ul>\n<hr/>\n</body>\n</html>\n",
		title, title, r.code, html.EscapeString(message))
	h := newHeader()
	h.Set("Content-Type", "text/html; charset=utf-8")
	return newResponse(req, r.status, h, page.Bytes())
}

// withoutQuery returns the request without its query, which means nothing to a
// website.
func withoutQuery(req *http.Request) *http.Request {
	plain, address := *req, *req.URL
	address.RawQuery = ""
	plain.URL = &address
	return &plain
}
