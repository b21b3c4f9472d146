package iam

import (
	"regexp"
	"strings"
)

// Paths are the construct paths of resources, by ARN. Their ids are made up here, and
// nobody could tell what they are of.
type Paths map[string]string

// arn matches an ARN in a text.
var arn = regexp.MustCompile(`arn:[a-z-]+:[^\s,;()"']+`)

// In returns a text with construct paths in the place of ARNs that begin with one of
// the paths'.
func (p Paths) In(text string) string {
	return arn.ReplaceAllStringFunc(text, func(arn string) string {
		for end := len(arn); end > 0; end = strings.LastIndexAny(arn[:end], ":/") {
			if path, ok := p[arn[:end]]; ok {
				return path + arn[end:]
			}
		}
		return arn
	})
}

// ARNOf names the ARN of what has a path.
func (p Paths) ARNOf(arn string) string {
	if path := p.In(arn); path != arn {
		return "the ARN of " + path
	}
	return arn
}
