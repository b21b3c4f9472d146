package build

import (
	"maps"
	"strings"

	"github.com/cloudfurl/cloudfurl/internal/local/template"
)

// variables returns the environment variables of a function, with those of
// Options.Variables.
func (f *functions) variables(r *template.Resource, own map[string]string) map[string]string {
	all := map[string]string{}
	maps.Copy(all, own)
	for key, value := range f.options.Variables {
		if function, name := cutVariable(key); function == r.LogicalID || function == r.Path {
			all[name] = value
		}
	}
	return all
}

// cutVariable returns the function and the name of a key of Options.Variables.
// Construct paths may have dots, and names have none.
func cutVariable(key string) (function, name string) {
	dot := strings.LastIndex(key, ".")
	return key[:max(dot, 0)], key[dot+1:]
}
