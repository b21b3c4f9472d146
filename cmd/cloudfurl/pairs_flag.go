package main

import (
	"fmt"
	"strings"
)

// A pairsFlag collects values by name from a flag that may be repeated. A name
// has one value, so that the last one given is not taken for an addition.
type pairsFlag struct {
	// form is what to give, such as BUCKET=DIR.
	form string

	pairs map[string]string
}

func newPairsFlag(form string) pairsFlag {
	return pairsFlag{form: form, pairs: map[string]string{}}
}

// String returns nothing: there is no default to show.
func (f pairsFlag) String() string {
	return ""
}

// Set adds one value.
func (f pairsFlag) Set(text string) error {
	name, value, ok := strings.Cut(text, "=")
	if !ok || name == "" || value == "" {
		return fmt.Errorf("give %s", f.form)
	}
	if _, twice := f.pairs[name]; twice {
		return fmt.Errorf("%s has a value already", name)
	}
	f.pairs[name] = value
	return nil
}
