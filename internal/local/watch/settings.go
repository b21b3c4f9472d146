package watch

import (
	"encoding/json"
	"errors"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"

	"github.com/bmatcuk/doublestar/v4"

	"github.com/cloudfurl/cloudfurl/internal/fault"
)

// settings are the parts of cdk.json that matter here.
//
// See: https://docs.aws.amazon.com/cdk/v2/guide/cli.html
type settings struct {
	// App and Build are command lines. Build runs first, if there is one.
	App   string `json:"app"`
	Build string `json:"build"`

	// Context holds the project's context values.
	Context map[string]any `json:"context"`

	// Watch says which files "cdk watch" watches, and this package too.
	//
	// See: https://docs.aws.amazon.com/cdk/v2/guide/ref-cli-cmd-watch.html
	Watch struct {
		Include globs `json:"include"`
		Exclude globs `json:"exclude"`
	} `json:"watch"`
}

// globs are patterns of slash-separated paths, in cdk.json one or a list.
type globs []string

// UnmarshalJSON reads a string or a list of strings.
func (g *globs) UnmarshalJSON(data []byte) error {
	var list []string
	if json.Unmarshal(data, &list) != nil {
		list = make([]string, 1)
		if json.Unmarshal(data, &list[0]) != nil {
			return fault.New("give a pattern or a list of patterns", "%s isn't a pattern", data)
		}
	}
	for _, glob := range list {
		if !doublestar.ValidatePattern(glob) {
			return fault.New("give a pattern such as **/*.go", "%q isn't a valid pattern", glob)
		}
		*g = append(*g, path.Clean(glob))
	}
	return nil
}

// match reports whether a pattern matches the path or a directory above it.
func (g globs) match(name string) bool {
	for ; name != "." && name != "/"; name = path.Dir(name) {
		for _, glob := range g {
			if doublestar.MatchUnvalidated(glob, name) {
				return true
			}
		}
	}
	return false
}

// readSettings reads the cdk.json of a directory, if there is one, and adds the
// looked up values in cdk.context.json. A value in cdk.json wins.
//
// See: https://docs.aws.amazon.com/cdk/v2/guide/context.html
func readSettings(dir string) (settings, error) {
	var s settings
	if err := readJSON(filepath.Join(dir, "cdk.json"), &s); err != nil {
		return s, err
	}
	context := map[string]any{}
	if err := readJSON(filepath.Join(dir, "cdk.context.json"), &context); err != nil {
		return s, err
	}
	maps.Copy(context, s.Context)
	s.Context = context
	return s, nil
}

// readJSON decodes a file, unless it is missing.
func readJSON(path string, into any) error {
	data, err := os.ReadFile(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err == nil:
		err = json.Unmarshal(data, into)
	}
	syntax, mismatch := new(json.SyntaxError), new(json.UnmarshalTypeError)
	switch {
	case errors.As(err, &syntax):
		err = fault.New("correct the JSON", "invalid JSON at byte %d: %w", syntax.Offset, err)
	case errors.As(err, &mismatch):
		err = fault.In(mismatch.Field, fault.New("correct the value", "a JSON %s isn't allowed here", mismatch.Value))
	}
	return fault.At(path, err)
}
