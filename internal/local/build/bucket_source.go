package build

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
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
	to, err := b.buckets.tempDir()
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
	return to, filepath.WalkDir(dir, func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		relative, err := filepath.Rel(dir, name)
		if err != nil {
			return err
		}
		switch target := filepath.Join(to, relative); {
		case entry.IsDir():
			return os.MkdirAll(target, 0o755)
		case entry.Type().IsRegular():
			return replaceInFile(name, target, replacer)
		}
		return nil
	})
}

func replaceInFile(from, to string, replacer *strings.Replacer) error {
	source, err := os.Open(from)
	if err != nil {
		return err
	}
	defer source.Close()
	target, err := os.Create(to)
	if err != nil {
		return err
	}
	lines, out := bufio.NewReader(source), bufio.NewWriter(target)
	for {
		line, err := lines.ReadString('\n')
		if _, writing := replacer.WriteString(out, line); writing != nil {
			return errors.Join(writing, target.Close())
		}
		if err == io.EOF {
			return errors.Join(out.Flush(), target.Close())
		}
		if err != nil {
			return errors.Join(err, target.Close())
		}
	}
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

// archived are the storage classes whose objects have to be restored first.
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
			continue // the default
		case !ok, slices.Contains(archived, value):
			return nil, fault.In("SystemMetadata."+key, fault.New("give the bucket a directory with --s3 BUCKET=DIR", "%s isn't supported locally", value))
		}
		header.Set(name, value)
	}
	for key, value := range p.UserMetadata {
		header.Set("X-Amz-Meta-"+key, value)
	}
	return header, nil
}
