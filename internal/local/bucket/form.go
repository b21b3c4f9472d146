package bucket

import (
	"cmp"
	"mime/multipart"
	"net/http"
	"strings"
)

// maxUpload is the largest object of a form, in bytes.
//
// See: https://docs.aws.amazon.com/AmazonS3/latest/API/RESTObjectPOST.html
const maxUpload = 5 << 30

// A form is an HTML form that uploads a file.
type form struct {
	fields map[string]string // by their names in lower case
	file   *multipart.FileHeader
}

// readForm reads a form, whose file goes to a temporary one. In its fields, ${filename}
// stands for the name of the file.
//
// See: https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTForms.html
func readForm(req *http.Request) (*form, *rejection) {
	req.Body = http.MaxBytesReader(nil, req.Body, maxUpload+1<<20)
	if err := req.ParseMultipartForm(1 << 20); err != nil {
		return nil, &rejection{status: http.StatusPreconditionFailed, code: "PreconditionFailed", cause: "can't read the form: " + err.Error(), hint: "set enctype to multipart/form-data"}
	}
	files := req.MultipartForm.File["file"]
	if len(files) != 1 {
		return nil, invalidForm("POST requires exactly one file upload per request.", "name the input of the file file")
	}
	f := &form{map[string]string{}, files[0]}
	for name, values := range req.MultipartForm.Value {
		f.fields[strings.ToLower(name)] = strings.ReplaceAll(strings.Join(values, ","), "${filename}", f.file.Filename)
	}
	return f, nil
}

// invalidForm returns S3's response to a form without what it needs.
//
// Seen: rowanwins/vue-dropzone#303.
func invalidForm(message, hint string) *rejection {
	return &rejection{status: http.StatusBadRequest, code: "InvalidArgument", message: message, cause: message, hint: hint}
}

// field returns the value of a field.
func (f *form) field(name string) string { return f.fields[name] }

// header returns the headers of the object. Other fields than these have no effect on it.
func (f *form) header() http.Header {
	h := http.Header{"Content-Type": {cmp.Or(f.field("content-type"), "binary/octet-stream")}}
	for name, value := range f.fields {
		if name == "cache-control" || name == "content-disposition" || name == "content-encoding" || strings.HasPrefix(name, "x-amz-meta-") {
			h.Set(name, value)
		}
	}
	return h
}
