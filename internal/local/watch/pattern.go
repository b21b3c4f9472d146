package watch

import (
	"fmt"
	"path"
	"regexp"
	"strings"
)

// A pattern is a glob over slash-separated paths: ? and * stand for what is
// between slashes, ** for any number of directories, [abc] and {a,b} for one of
// several.
//
// See: https://docs.aws.amazon.com/cdk/v2/guide/ref-cli-cmd-watch.html
type pattern struct {
	*regexp.Regexp
}

var patternTokens = regexp.MustCompile(`^(\*\*/|\*\*|\*|\?|\[!?[^\]/]+\]|\{|\}|,|[^*?\[{},]+|\[)`)

// compilePattern reads a glob.
func compilePattern(glob string) (pattern, error) {
	var expression strings.Builder
	depth := 0
	// What stands for a directory stands for all that is in it.
	for rest := strings.TrimSuffix(path.Clean(glob), "/**"); rest != ""; {
		token := patternTokens.FindString(rest)
		rest = rest[len(token):]
		switch {
		case token == "**/":
			expression.WriteString(`(?:.*/)?`)
		case token == "**":
			expression.WriteString(`.*`)
		case token == "*":
			expression.WriteString(`[^/]*`)
		case token == "?":
			expression.WriteString(`[^/]`)
		case token == "{":
			depth++
			expression.WriteString(`(?:`)
		case token == "}" && depth > 0:
			depth--
			expression.WriteString(`)`)
		case token == "," && depth > 0:
			expression.WriteString(`|`)
		case len(token) > 1 && token[0] == '[':
			expression.WriteString(strings.Replace(token, "[!", "[^", 1))
		default:
			expression.WriteString(regexp.QuoteMeta(token))
		}
	}
	compiled, err := regexp.Compile("^(?:" + expression.String() + ")$")
	if err != nil {
		return pattern{}, fmt.Errorf("%q is no pattern of paths: give one such as **/*.go", glob)
	}
	return pattern{compiled}, nil
}

// matches says whether the pattern stands for the path or a directory that it
// is in.
func (p pattern) matches(name string) bool {
	for name != "." && name != "/" && name != "" {
		if p.MatchString(name) {
			return true
		}
		name = path.Dir(name)
	}
	return false
}
