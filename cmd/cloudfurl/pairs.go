package main

import (
	"strings"

	"github.com/alecthomas/kong"

	"github.com/cloudfurl/cloudfurl/internal/fault"
)

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
