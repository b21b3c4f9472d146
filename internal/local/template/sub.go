package template

import (
	"strings"

	"github.com/cloudfurl/cloudfurl/internal/fault"
)

func (r resolver) sub(raw any) (any, error) {
	if text, ok := raw.(string); ok {
		return r.substitute(text, nil)
	}
	args, err := arguments(raw, 2, 2, `"text" or ["text", {"Variable": value}]`)
	if err != nil {
		return nil, err
	}
	text, ok := args[0].(string)
	if !ok {
		return nil, inIndex(fail("is %s, not a string", typeName(args[0])), 0)
	}
	variables, ok := args[1].(map[string]any)
	if !ok {
		return nil, inIndex(fail("is %s, not an object of variables", typeName(args[1])), 1)
	}
	return r.substitute(text, variables)
}

// substitute replaces every ${name} of text. Variables come before parameters
// and resources, and ${!name} is the text ${name}.
//
// See: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-sub.html
func (r resolver) substitute(text string, variables map[string]any) (any, error) {
	var b strings.Builder
	for part := range placeholders(text) {
		value := part.literal
		if part.name != "" {
			var err error
			if value, err = r.placeholder(part.name, variables); err != nil {
				return nil, err
			}
		}
		b.WriteString(value)
		if b.Len() > maxText {
			return nil, tooLong()
		}
	}
	return b.String(), nil
}

// placeholder returns the value of ${name}.
func (r resolver) placeholder(name string, variables map[string]any) (string, error) {
	if variable, ok := variables[name]; ok {
		value, err := r.text(variable)
		if err != nil {
			return "", inIndex(fault.In(name, err), 1)
		}
		return value, nil
	}
	var value any
	var err error
	if id, attribute, dotted := strings.Cut(name, "."); dotted {
		value, err = r.attributeOf(id, attribute)
	} else {
		value, err = r.ref(name)
	}
	if err != nil {
		return "", fault.In("${"+name+"}", err)
	}
	text, ok := scalar(value)
	if !ok {
		return "", fault.In("${"+name+"}", fail("is %s, not a string", typeName(value)))
	}
	return text, nil
}

// A piece of the text of Fn::Sub is either literal or the name of a
// placeholder.
type piece struct{ literal, name string }

// placeholders yields the pieces of the text of Fn::Sub in their order. An
// opening ${ without end, and an empty ${}, are literal.
func placeholders(text string) func(yield func(piece) bool) {
	return func(yield func(piece) bool) {
		for text != "" {
			start := strings.Index(text, "${")
			if start < 0 {
				yield(piece{literal: text})
				return
			}
			if start > 0 && !yield(piece{literal: text[:start]}) {
				return
			}
			length := strings.IndexByte(text[start:], '}')
			if length < 0 {
				yield(piece{literal: text[start:]})
				return
			}
			name := text[start+2 : start+length]
			text = text[start+length+1:]
			p := piece{name: name}
			if literal, escaped := strings.CutPrefix(name, "!"); escaped {
				p = piece{literal: "${" + literal + "}"}
			} else if name == "" {
				p = piece{literal: "${}"}
			}
			if !yield(p) {
				return
			}
		}
	}
}
