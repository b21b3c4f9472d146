package bucket

import (
	"regexp"
	"strings"
)

// compile returns the pattern of an exclude or include filter: * is anything, ?
// one character, [abc] one of these and [!abc] one of the others.
//
// See: https://docs.aws.amazon.com/cli/latest/reference/s3/#use-of-exclude-and-include-filters
func compile(pattern string) *regexp.Regexp {
	var b strings.Builder
	b.WriteString(`(?s)\A`)
	for rest := strings.ToValidUTF8(pattern, "\uFFFD"); rest != ""; {
		c := rest[0]
		end := classEnd(rest)
		switch {
		case c == '*':
			b.WriteString(".*")
		case c == '?':
			b.WriteString(".")
		case end > 0:
			class := rest[1:end]
			negated := strings.HasPrefix(class, "!")
			class = strings.TrimPrefix(class, "!")
			class = strings.NewReplacer(`\`, `\\`, `[`, `\[`, `]`, `\]`, `^`, `\^`, `&&`, `&\&`).Replace(class)
			if negated {
				class = "^" + class
			}
			if _, err := regexp.Compile("[" + class + "]"); err != nil {
				class = `^\x00-\x{10FFFF}` // a range that runs backwards matches nothing
			}
			b.WriteString("[" + class + "]")
			rest = rest[end+1:]
			continue
		default:
			literal := strings.IndexAny(rest[1:], "*?[") + 1
			if literal == 0 {
				literal = len(rest)
			}
			b.WriteString(regexp.QuoteMeta(rest[:literal]))
			rest = rest[literal:]
			continue
		}
		rest = rest[1:]
	}
	b.WriteString(`\z`)
	return regexp.MustCompile(b.String())
}

// classEnd returns where the class that s begins with ends, 0 if it begins with
// none. A bracket right after the first one is part of the class.
func classEnd(s string) int {
	if s[0] != '[' {
		return 0
	}
	first := 1
	if strings.HasPrefix(s[first:], "!") {
		first++
	}
	if first >= len(s) {
		return 0
	}
	if end := strings.IndexByte(s[first+1:], ']'); end >= 0 {
		return first + 1 + end
	}
	return 0
}
