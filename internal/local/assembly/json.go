package assembly

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/cloudfurl/cloudfurl/internal/fault"
)

const hintSynth = "run cdk synth again"

// maxFile is the largest file that is read, in bytes. CloudFormation's limit for
// templates is 1 MB; manifests of large apps have some more.
//
// See: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
const maxFile = 64 << 20

// broken returns an error about a file or directory.
func broken(path, hint, format string, args ...any) error {
	return fault.At(path, fault.New(hint, format, args...))
}

// readJSON decodes the JSON of a file. Numbers keep their text, as
// templates compare and join them as text.
func readJSON(path string, into any) error {
	data, err := ReadFile(path)
	if err != nil {
		return broken(path, hintSynth, "can't be read: %w", err)
	}
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.UseNumber()
	if err := decoder.Decode(into); err != nil {
		return broken(path, hintSynth, "isn't valid JSON: %w", err)
	}
	return nil
}

// ReadFile reads a regular file of at most maxFile bytes: a device or a pipe
// might never end. An error doesn't name the file.
func ReadFile(path string) ([]byte, error) {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return nil, withoutPath(err)
	case !info.Mode().IsRegular():
		return nil, errors.New("it isn't a regular file")
	case info.Size() > maxFile:
		return nil, fmt.Errorf("it is larger than %d MB", maxFile>>20)
	}
	data, err := os.ReadFile(path)
	return data, withoutPath(err)
}

// withoutPath takes the path out of an error of package os.
func withoutPath(err error) error {
	if inner := new(fs.PathError); errors.As(err, &inner) {
		return inner.Err
	}
	return err
}
