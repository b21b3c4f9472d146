package template

import (
	"regexp"
	"strings"

	"github.com/cloudfurl/cloudfurl/internal/fault"
)

func (r resolver) sub(raw any) (any, error) {
	if text, ok := raw.(string); ok {
		return r.substitute(text, nil)
	}
	a := r.arguments(raw, 2, 2, `"text" or ["text", {"Variable": value}]`)
	text, variables := literal[string](a, 0, "a string"), literal[map[string]any](a, 1, "an object of variables")
	if a.err != nil {
		return nil, a.err
	}
	return r.substitute(text, variables)
}

// substitute replaces every ${name} of text. Variables come before parameters
// and resources, and ${!name} is the text ${name}.
//
// See: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-sub.html
func (r resolver) substitute(text string, variables map[string]any) (any, error) {
	return replace(placeholder, text, func(name string) (string, error) {
		if literal, escaped := strings.CutPrefix(name, "!"); escaped {
			return "${" + literal + "}", nil
		}
		return r.placeholder(name, variables)
	})
}

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
	text, err := textOf(value)
	return text, fault.In("${"+name+"}", err)
}

// placeholder is ${name} in a text.
var placeholder = regexp.MustCompile(`\$\{([^}]+)\}`)

// replace replaces what a pattern finds in a text by the value of its first group.
func replace(pattern *regexp.Regexp, text string, value func(found string) (string, error)) (string, error) {
	var b strings.Builder
	end := 0
	for _, match := range pattern.FindAllStringSubmatchIndex(text, -1) {
		replaced, err := value(text[match[2]:match[3]])
		if err != nil {
			return "", err
		}
		b.WriteString(text[end:match[0]] + replaced)
		if end = match[1]; b.Len() > maxText {
			return "", tooLong()
		}
	}
	b.WriteString(text[end:])
	if b.Len() > maxText {
		return "", tooLong()
	}
	return b.String(), nil
}
