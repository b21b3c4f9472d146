package local

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// systemHeaders are the headers that SystemMetadata sets, by its keys, which are
// options of `aws s3 sync`.
//
// See: https://docs.aws.amazon.com/cli/latest/reference/s3/sync.html
var systemHeaders = map[string]string{
	"cache-control":       "Cache-Control",
	"content-disposition": "Content-Disposition",
	"content-encoding":    "Content-Encoding",
	"content-language":    "Content-Language",
	"content-type":        "Content-Type",
	"expires":             "Expires",
	"storage-class":       "X-Amz-Storage-Class",
	"website-redirect":    "X-Amz-Website-Redirect-Location",
}

// archived are the storage classes whose objects cannot be read at once.
//
// See: https://docs.aws.amazon.com/AmazonS3/latest/userguide/storage-class-intro.html
var archived = []string{"GLACIER", "DEEP_ARCHIVE"}

// objectHeader returns the headers of each object of a deployment.
func objectHeader(p bucketDeploymentProperties) (http.Header, error) {
	header := http.Header{}
	for key, value := range p.SystemMetadata {
		name, ok := systemHeaders[strings.ToLower(key)]
		switch {
		case strings.EqualFold(key, "sse") && value == "AES256", strings.EqualFold(key, "storage-class") && value == "STANDARD":
			continue // so it is without them
		case !ok, slices.Contains(archived, value):
			return nil, fmt.Errorf("the local edge does not play SystemMetadata.%s %s: give the bucket a directory with --s3 BUCKET=DIR", key, value)
		}
		header.Set(name, value)
	}
	for key, value := range p.UserMetadata {
		header.Set("X-Amz-Meta-"+key, value)
	}
	return header, nil
}
