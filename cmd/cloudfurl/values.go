package main

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/alecthomas/kong"

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

// pairs are values by name, of a flag that may be repeated. A name may have one value
// only.
type pairs map[string]string

// Decode adds a value of the command line. Errors don't show it: it may be a secret.
func (p *pairs) Decode(ctx *kong.DecodeContext) error {
	var text string
	if err := ctx.Scan.PopValueInto("value", &text); err != nil {
		return err
	}
	return p.add(text, ctx.Value.Tag.PlaceHolder)
}

// add adds a value of a form such as BUCKET=DIR.
func (p *pairs) add(text, form string) error {
	name, value, ok := strings.Cut(text, "=")
	if !ok || name == "" || value == "" {
		return fault.New("write "+form, "needs a name and a value")
	}
	if _, twice := (*p)[name]; twice {
		return fault.New("set it once", "%s is set twice", name)
	}
	if *p == nil {
		*p = pairs{}
	}
	(*p)[name] = value
	return nil
}
