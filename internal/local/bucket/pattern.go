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

// wildcard matches * and ?, in time that is at worst the product of the lengths.
//
// See: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
func wildcard(pattern, s string) bool {
	p, i, star, mark := 0, 0, -1, 0
	for i < len(s) {
		switch {
		case p < len(pattern) && pattern[p] == '*':
			star, mark = p, i
			p++
		case p < len(pattern) && (pattern[p] == '?' || pattern[p] == s[i]):
			p++
			i++
		case star >= 0:
			mark++
			p, i = star+1, mark
		default:
			return false
		}
	}
	return strings.Trim(pattern[p:], "*") == ""
}

// arnLike reports whether an ARN matches a pattern part by part: a wildcard
// does not reach over a colon, but in the last part.
//
// See: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_ARN
func arnLike(pattern, arn string) bool {
	patterns, parts := strings.SplitN(pattern, ":", 6), strings.SplitN(arn, ":", 6)
	if len(patterns) != 6 || len(parts) != 6 {
		return pattern == arn || pattern == "*"
	}
	for i := range patterns {
		if !wildcard(patterns[i], parts[i]) {
			return false
		}
	}
	return true
}
