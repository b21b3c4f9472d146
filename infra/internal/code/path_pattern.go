package code

import (
	"fmt"
	"regexp"
	"strings"
)

// CheckPathPattern returns why a path pattern of CloudFront isn't valid, or nil.
func CheckPathPattern(pattern string) error {
	if strings.HasPrefix(pattern, "/") || strings.HasPrefix(pattern, "*") {
		return nil
	}
	return fmt.Errorf(`got PathPattern %q: begin it with a slash, such as "/%s"`, pattern, pattern)
}

// globExpression returns the expression for a pattern in which * stands for any
// characters, slashes too, and ? for one.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/DownloadDistValuesCacheBehavior.html#DownloadDistValuesPathPattern
func globExpression(pattern string) *regexp.Regexp {
	quoted := regexp.QuoteMeta(pattern)
	return regexp.MustCompile("^" + strings.NewReplacer(`\*`, ".*", `\?`, ".").Replace(quoted) + "$")
}
