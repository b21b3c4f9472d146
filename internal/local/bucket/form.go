package bucket

import (
	"cmp"
	"io"
	"mime/multipart"
	"net/http"
	"strings"
)

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
