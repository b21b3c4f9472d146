package dockerfile

import (
	"regexp"
	"strings"

	"github.com/cloudfurl/cloudfurl/internal/fault"
)

// A lookup returns the value of a variable.
type lookup func(name string) (value string, ok bool)

// expand returns text with its variables replaced, and without quotes and escapes.
//
// See: https://docs.docker.com/reference/dockerfile/#environment-replacement
func expand(text string, escape byte, variables lookup) (string, error) {
	e := &expander{text: text, escape: escape, variables: variables}
	value, err := e.until(0)
	if err != nil {
		return "", fault.New("correct the quotes or braces", "invalid text %s: %w", text, err)
	}
	return value, nil
}

type expander struct {
	text      string
	pos       int
	escape    byte
	variables lookup
}

// until expands up to an unquoted stop, which it skips, or if that is 0 to the end.
func (e *expander) until(stop byte) (string, error) {
	var b strings.Builder
	for e.pos < len(e.text) {
		c := e.text[e.pos]
		switch {
		case stop != 0 && c == stop:
			e.pos++
			return b.String(), nil
		case c == '\'':
			end := strings.IndexByte(e.text[e.pos+1:], '\'')
			if end < 0 {
				return "", fault.New("", "a ' doesn't end")
			}
			b.WriteString(e.text[e.pos+1 : e.pos+1+end])
			e.pos += end + 2
		case c == '"':
			if err := e.quoted(&b); err != nil {
				return "", err
			}
		default:
			if err := e.one(&b, false); err != nil {
				return "", err
			}
		}
	}
	if stop != 0 {
		return "", fault.New("", "a ${ doesn't end")
	}
	return b.String(), nil
}

// quoted expands what is between double quotes.
func (e *expander) quoted(b *strings.Builder) error {
	for e.pos++; e.pos < len(e.text); {
		if e.text[e.pos] == '"' {
			e.pos++
			return nil
		}
		if err := e.one(b, true); err != nil {
			return err
		}
	}
	return fault.New("", `a " doesn't end`)
}

// one expands a character, an escaped one or a variable. In double quotes, only
// $, " and the escape character itself can be escaped.
func (e *expander) one(b *strings.Builder, inQuotes bool) error {
	c := e.text[e.pos]
	e.pos++
	switch {
	case c == '$':
		value, err := e.variable()
		b.WriteString(value)
		return err
	case c != e.escape:
		b.WriteByte(c)
	case e.pos == len(e.text):
		if inQuotes {
			b.WriteByte(c)
		}
	default:
		next := e.text[e.pos]
		if inQuotes && next != '$' && next != '"' && next != e.escape {
			b.WriteByte(c)
		}
		b.WriteByte(next)
		e.pos++
	}
	return nil
}

var (
	variableName = regexp.MustCompile(`^(?:[a-zA-Z_][a-zA-Z0-9_]*|[0-9]+|[@*#?$!-])`)
	modifier     = regexp.MustCompile(`^(?::?[-+?]|##?|%%?|//?)`)
)

// variable returns the value of the variable after a dollar sign.
func (e *expander) variable() (string, error) {
	braces := strings.HasPrefix(e.text[e.pos:], "{")
	if braces {
		e.pos++
	}
	name := variableName.FindString(e.text[e.pos:])
	e.pos += len(name)
	value, set := e.variables(name)
	switch {
	case !braces && name == "":
		return "$", nil
	case !braces:
		return value, nil
	case name == "":
		return "", fault.New("", "a ${ has no name")
	case strings.HasPrefix(e.text[e.pos:], "}"):
		e.pos++
		return value, nil
	}
	operator := modifier.FindString(e.text[e.pos:])
	e.pos += len(operator)
	if operator == "" {
		return "", fault.New("", "${%s isn't followed by }", name)
	}
	if operator[0] == '/' {
		return e.replaced(value, operator == "//")
	}
	word, err := e.until('}')
	if err != nil {
		return "", err
	}
	return modified(name, value, set, operator, word)
}

// modified returns the value of ${name operator word}.
func modified(name, value string, set bool, operator, word string) (string, error) {
	if operator[0] == ':' {
		set, operator = set && value != "", operator[1:]
	}
	switch operator {
	case "-":
		if !set {
			return word, nil
		}
		return value, nil
	case "+":
		if set {
			return word, nil
		}
		return "", nil
	case "?":
		if !set {
			return "", fault.New("", "%s isn't set: %s", name, word)
		}
		return value, nil
	}
	return cutPattern(value, operator, word), nil
}

// cutPattern removes what a pattern matches from the begin (#) or end (%) of a
// value; doubled, the operator removes as much as possible.
func cutPattern(value, operator, pattern string) string {
	longest := len(operator) == 2
	expression := globExpression(pattern, longest)
	if operator[0] == '#' {
		return regexp.MustCompile("^"+expression).ReplaceAllString(value, "")
	}
	whole := regexp.MustCompile("^" + expression + "$")
	at := -1
	for i := len(value); i >= 0; i-- {
		if whole.MatchString(value[i:]) {
			if at = i; !longest {
				break
			}
		}
	}
	if at < 0 {
		return value
	}
	return value[:at]
}

// replaced returns a value with the first match of the pattern that follows
// replaced, or with all of them.
func (e *expander) replaced(value string, all bool) (string, error) {
	pattern, err := e.until('/')
	if err != nil {
		return "", err
	}
	word, err := e.until('}')
	if err != nil {
		return "", err
	}
	expression := regexp.MustCompile(globExpression(pattern, true))
	if all {
		return expression.ReplaceAllLiteralString(value, word), nil
	}
	if match := expression.FindStringIndex(value); match != nil {
		return value[:match[0]] + word + value[match[1]:], nil
	}
	return value, nil
}

// globExpression returns a pattern of * and ? as a regular expression.
func globExpression(pattern string, longest bool) string {
	var b strings.Builder
	b.WriteString("(?s:")
	for _, r := range pattern {
		switch {
		case r == '*' && longest:
			b.WriteString(".*")
		case r == '*':
			b.WriteString(".*?")
		case r == '?':
			b.WriteString(".")
		default:
			b.WriteString(regexp.QuoteMeta(string(r)))
		}
	}
	return b.String() + ")"
}
