package main

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/cloudfurl/cloudfurl/internal/fault"
)

// valueFlags are the flags with values that no template has. Secrets belong
// in a file or variable: other users of the machine can read command lines.
type valueFlags struct {
	Value     pairs    `group:"value" placeholder:"NAME=VALUE" help:"Any other value. NAME is LogicalID.Attribute, or the text in {{resolve:…}}."`
	ValueEnv  pairs    `group:"value" placeholder:"NAME=VARIABLE" help:"Such a value from an environment variable, for secrets."`
	ValueFile []string `group:"value" sep:"none" placeholder:"FILE" help:"Such values from a file with a NAME=VALUE on each line."`
}

// read returns the values by name. A name may be set once.
func (f *valueFlags) read() (map[string]string, error) {
	for _, name := range slices.Sorted(maps.Keys(f.ValueEnv)) {
		variable := f.ValueEnv[name]
		value, ok := os.LookupEnv(variable)
		if !ok {
			return nil, fault.At("--value-env", fault.New("export it, or use --value-file", "the environment variable %s isn't set", variable))
		}
		if err := f.Value.add(name+"="+value, "NAME=VALUE"); err != nil {
			return nil, fault.At("--value-env", err)
		}
	}
	for _, file := range f.ValueFile {
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
			if err := f.Value.add(line, "NAME=VALUE"); err != nil {
				return nil, fault.At(file, fault.In(fmt.Sprintf("line %d", number), err))
			}
		}
	}
	return f.Value, nil
}
