package build

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/cloudfurl/cloudfurl/internal/fault"
)

// replaceMarkers copies a source's files to a new directory, with the values of
// the deployment in place of its markers. If escape is true, values are escaped as
// in a JSON string.
//
// Seen: replace_markers of the handler of BucketDeployment in aws-cdk-lib
// 2.270.0, which works line by line and on every file.
func (b *builder) replaceMarkers(dir string, markers map[string]string, escape bool) (string, error) {
	to, err := b.functions.newDir("bucket")
	if err != nil {
		return "", err
	}
	var pairs []string
	for _, marker := range slices.Sorted(maps.Keys(markers)) {
		value := markers[marker]
		if escape {
			if value, err = jsonText(value); err != nil {
				return "", err
			}
		}
		pairs = append(pairs, marker, value)
	}
	replacer := strings.NewReplacer(pairs...)
	source := os.DirFS(dir)
	return to, fs.WalkDir(source, ".", func(name string, entry fs.DirEntry, err error) error {
		target := filepath.Join(to, name)
		switch {
		case err != nil:
			return err
		case entry.IsDir():
			return os.MkdirAll(target, 0o755)
		case !entry.Type().IsRegular():
			return nil
		}
		content, err := fs.ReadFile(source, name)
		if err != nil {
			return err
		}
		return os.WriteFile(target, []byte(replacer.Replace(string(content))), 0o644)
	})
}

// jsonText returns a value as it is between the quotes of a JSON string.
func jsonText(value string) (string, error) {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		return "", err
	}
	return strings.TrimSuffix(strings.TrimPrefix(text.String(), `"`), "\"\n"), nil
}

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

// inGlacier are the storage classes whose objects have to be restored first.
//
// See: https://docs.aws.amazon.com/AmazonS3/latest/userguide/storage-class-intro.html
var inGlacier = []string{"GLACIER", "DEEP_ARCHIVE"}

// objectHeader returns the headers of each object of a deployment.
func objectHeader(p bucketDeploymentProperties) (http.Header, error) {
	header := http.Header{}
	for key, value := range p.SystemMetadata {
		name, ok := systemHeaders[strings.ToLower(key)]
		switch {
		case strings.EqualFold(key, "sse") && value == "AES256", strings.EqualFold(key, "storage-class") && value == "STANDARD":
			continue // the default
		case !ok, slices.Contains(inGlacier, value):
			return nil, fault.In("SystemMetadata."+key, fault.New("serve the bucket from a directory, with --s3 BUCKET=DIR", "%s isn't supported locally", value))
		}
		header.Set(name, value)
	}
	for key, value := range p.UserMetadata {
		header.Set("X-Amz-Meta-"+key, value)
	}
	return header, nil
}
