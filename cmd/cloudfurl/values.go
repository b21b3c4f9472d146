package main

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/cloudfurl/cloudfurl/internal/fault"
)

// valueFlags are the flags that give values that no template has. Secrets belong
// in a file or variable: other users of the machine can read command lines.
type valueFlags struct {
	direct, variables *pairsFlag
	files             []string
}

// bind defines the flags.
func (f *valueFlags) bind(flags *flag.FlagSet) {
	f.direct = newPairsFlag(flags, "value", "NAME=VALUE", "give a value that no template has; NAME is LogicalID.Attribute, or the text in {{resolve:…}};\nmay be repeated")
	f.variables = newPairsFlag(flags, "value-env", "NAME=VARIABLE", "give such a value from an environment variable; may be repeated")
	newListFlag(flags, &f.files, "value-file", "FILE", "give such values from a file with a NAME=VALUE on each line; may be repeated")
}

// read returns the values by name. A name may be given once.
func (f *valueFlags) read() (map[string]string, error) {
	for _, name := range slices.Sorted(maps.Keys(f.variables.pairs)) {
		variable := f.variables.pairs[name]
		value, ok := os.LookupEnv(variable)
		if !ok {
			return nil, fault.At("--value-env", fault.New("export it, or use --value-file", "the environment variable %s isn't set", variable))
		}
		if err := f.direct.add(name + "=" + value); err != nil {
			return nil, fault.At("--value-env", err)
		}
	}
	for _, file := range f.files {
		content, err := os.ReadFile(file)
		if err != nil {
			return nil, fault.At("--value-file", fault.New("name a file with a NAME=VALUE on each line", "%w", err))
		}
		number := 0
		for line := range strings.Lines(string(content)) {
			number++
			line = strings.TrimRight(line, "\r\n")
			if line == "" || strings.HasPrefix(line, "#") {
				continue
			}
			if err := f.direct.add(line); err != nil {
				return nil, fault.At(file, fault.In(fmt.Sprintf("line %d", number), err))
			}
		}
	}
	return f.direct.pairs, nil
}
