package bundle

import (
	"os"
	"slices"
	"strings"
)

// variables returns the variables of the environment whose names begin with a
// prefix, in any case, because npm ignores it. They are sorted.
func variables(prefix string) []string {
	var found []string
	for _, variable := range os.Environ() {
		if name := strings.ToLower(variable); strings.HasPrefix(name, strings.ToLower(prefix)) {
			found = append(found, variable)
		}
	}
	slices.Sort(found)
	return found
}
