package dockerfile

import (
	"regexp"
	"strings"
)

// maxExpanded bounds what variables are replaced by in a Dockerfile, in bytes.
// Lambda takes 4 KB of variables.
const maxExpanded = 1 << 20

func (p *parser) words(text string) (found []string) {
	const spaces = " \t"
	for text = strings.TrimLeft(text, spaces); text != ""; text = strings.TrimLeft(text, spaces) {
		var word string
		word, text = p.expand(text, spaces)
		found = append(found, word)
	}
	return found
}

// expand replaces variables, quotes and escapes of text up to an unquoted one of the
// stops. It returns that and the rest from there.
//
// See: https://docs.docker.com/reference/dockerfile/#environment-replacement
func (p *parser) expand(text, stops string) (value, rest string) {
	var b strings.Builder
	inQuotes := false
	for text != "" {
		c := text[0]
		if !inQuotes && strings.IndexByte(stops, c) >= 0 {
			return b.String(), text
		}
		text = text[1:]
		switch {
		case c == '"':
			inQuotes = !inQuotes
		case c == '\'' && !inQuotes:
			literal, after, ended := strings.Cut(text, "'")
			if !ended {
				p.fail("end it", "a ' doesn't end")
			}
			b.WriteString(literal)
			text = after
		case c == '$':
			value, text = p.variable(text)
			b.WriteString(value)
		case c == '\\' && text != "":
			if inQuotes && strings.IndexByte(`"$\`, text[0]) < 0 {
				b.WriteByte(c)
			}
			b.WriteByte(text[0])
			text = text[1:]
		default:
			b.WriteByte(c)
		}
	}
	if inQuotes {
		p.fail("end it", `a " doesn't end`)
	}
	return b.String(), ""
}

var (
	variableName = regexp.MustCompile(`^(?:[a-zA-Z_]\w*|[0-9]+|[@*#?$!-])`)
	operators    = regexp.MustCompile(`^:?[-+]`)
)

// variable returns the value of the variable that text, which follows a dollar sign,
// begins with, and the rest of text.
func (p *parser) variable(text string) (value, rest string) {
	text, inBraces := strings.CutPrefix(text, "{")
	name := variableName.FindString(text)
	text = text[len(name):]
	if name == "" && !inBraces {
		return "$", text
	}
	value, set := p.stage.lookup(name)
	if inBraces {
		operator := operators.FindString(text)
		word, after := p.expand(text[len(operator):], "}")
		if set = set && (value != "" || !strings.HasPrefix(operator, ":")); set == strings.HasSuffix(operator, "+") {
			value = word
		}
		switch {
		case after == "" || name == "":
			p.fail("write ${NAME}", "a ${ doesn't end or has no name")
		case operator == "" && word != "":
			p.unsupported("${%.50s%.50s} is neither ${NAME}, ${NAME:-word} nor ${NAME:+word}", name, word)
		}
		text = strings.TrimPrefix(after, "}")
	}
	if p.expanded += len(value); p.expanded > maxExpanded {
		p.unsupported("variables are replaced by more than %d bytes", maxExpanded)
		value = ""
	}
	return value, text
}
