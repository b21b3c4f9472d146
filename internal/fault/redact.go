package fault

import (
	"cmp"
	"maps"
	"slices"
	"strings"
)

// minSecret is the length, in bytes, from which Redact keeps a value out of
// errors. Replacing shorter ones would garble unrelated words.
const minSecret = 6

// Redact returns err without the values, which may be secrets. Their names stand
// in their place.
func Redact(err error, values map[string]string) error {
	if err == nil || len(values) == 0 {
		return err
	}
	longestFirst := func(a, b string) int {
		return cmp.Or(len(values[b])-len(values[a]), strings.Compare(a, b))
	}
	var pairs []string
	for _, name := range slices.SortedFunc(maps.Keys(values), longestFirst) {
		if len(values[name]) >= minSecret {
			pairs = append(pairs, values[name], "(the value of "+name+")")
		}
	}
	replacer := strings.NewReplacer(pairs...)
	e := from(err)
	for _, text := range []*string{&e.Where, &e.Property, &e.Problem, &e.Hint, &e.NeededBy} {
		*text = replacer.Replace(*text)
	}
	return e
}
