// Package wildcard matches the * and ? of AWS's path patterns and policies. Left
// out: policy variables, and patterns with braces or brackets.
package wildcard

import "strings"

// Match reports whether s as a whole matches the pattern, in which * stands for
// any bytes and ? for one. Its time is at worst the product of the lengths,
// whatever the pattern.
//
// See: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
// and https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/DownloadDistValuesCacheBehavior.html#DownloadDistValuesPathPattern
func Match(pattern, s string) bool {
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

// MatchARN reports whether an ARN matches a pattern part by part: a wildcard
// doesn't match a colon, except in the last part.
//
// See: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_ARN
func MatchARN(pattern, arn string) bool {
	if pattern == arn {
		return true
	}
	patterns, parts := strings.SplitN(pattern, ":", 6), strings.SplitN(arn, ":", 6)
	if len(patterns) != 6 || len(parts) != 6 {
		return false
	}
	for i := range patterns {
		if !Match(patterns[i], parts[i]) {
			return false
		}
	}
	return true
}
