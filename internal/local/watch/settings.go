package watch

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
)

// settings are what cdk.json says, of what matters here.
//
// See: https://docs.aws.amazon.com/cdk/v2/guide/cli.html
type settings struct {
	// App and Build are command lines; Build comes first, if there is one.
	App   string `json:"app"`
	Build string `json:"build"`

	// Context holds the project's context values.
	Context map[string]any `json:"context"`

	// Watch says what "cdk watch" looks at, and this package too.
	Watch struct {
		Include globs `json:"include"`
		Exclude globs `json:"exclude"`
	} `json:"watch"`
}

// globs are one pattern or a list of them.
type globs []string

// UnmarshalJSON takes a string or a list of strings.
func (g *globs) UnmarshalJSON(data []byte) error {
	var one string
	if json.Unmarshal(data, &one) == nil {
		*g = globs{one}
		return nil
	}
	return json.Unmarshal(data, (*[]string)(g))
}

// compile compiles the patterns.
func (g globs) compile() ([]pattern, error) {
	patterns := make([]pattern, 0, len(g))
	for _, glob := range g {
		compiled, err := compilePattern(glob)
		if err != nil {
			return nil, err
		}
		patterns = append(patterns, compiled)
	}
	return patterns, nil
}

// readSettings reads the cdk.json of a directory, or nothing if there is none,
// and adds the context of cdk.context.json, which holds looked up values and
// gives way to cdk.json.
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
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if err := json.Unmarshal(data, into); err != nil {
		return fmt.Errorf("%s cannot be read as JSON: %w", path, err)
	}
	return nil
}
