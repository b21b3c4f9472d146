package main

import (
	"flag"
	"strings"

	"github.com/cloudfurl/cloudfurl/internal/fault"
)

// A pairsFlag collects values by name from a flag that may be repeated. A name
// may have one value only. Mistakes wait in err, because package flag would print
// them with the value, which may be a secret.
type pairsFlag struct {
	name, form string
	pairs      map[string]string
	err        error
}

// newPairsFlag defines a flag of a form such as BUCKET=DIR, which begins its usage.
func newPairsFlag(flags *flag.FlagSet, name, form, usage string) *pairsFlag {
	f := &pairsFlag{name: name, form: form, pairs: map[string]string{}}
	flags.Var(f, name, "`"+form+"` "+usage)
	return f
}

// String returns nothing: there is no default to show.
func (f *pairsFlag) String() string {
	return ""
}

// Set adds one value.
func (f *pairsFlag) Set(text string) error {
	if f.err == nil {
		f.err = fault.At("--"+f.name, f.add(text))
	}
	return nil
}

// add adds a value. An error has no place: the text may be from a file.
func (f *pairsFlag) add(text string) error {
	name, value, ok := strings.Cut(text, "=")
	if !ok || name == "" || value == "" {
		return fault.New("write "+f.form, "needs a name and a value")
	}
	if _, twice := f.pairs[name]; twice {
		return fault.New("give it once", "%s is given twice", name)
	}
	f.pairs[name] = value
	return nil
}

// newListFlag defines a flag that may be repeated, with a value such as NAME, which
// begins its usage.
func newListFlag(flags *flag.FlagSet, values *[]string, name, value, usage string) {
	flags.Func(name, "`"+value+"` "+usage, func(text string) error {
		*values = append(*values, text)
		return nil
	})
}
