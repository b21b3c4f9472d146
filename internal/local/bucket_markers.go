package local

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// replaceMarkers copies a source's files with the values of the deployment in
// the place of its markers, and returns where to. Values are escaped as in a
// JSON string if escape is true.
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

// jsonText returns a value as it stands between the quotes of a JSON string.
func jsonText(value string) (string, error) {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		return "", err
	}
	return strings.TrimSuffix(strings.TrimPrefix(text.String(), `"`), "\"\n"), nil
}
