package template

import (
	"strconv"
	"strings"
)

// functionARN returns the ARN of the function that a property names by name,
// partial ARN or ARN.
//
// See: https://docs.aws.amazon.com/lambda/latest/api/API_PublishVersion.html
func (s subject) functionARN(property string) (string, error) {
	function, err := s.text(property)
	switch {
	case err != nil:
		return "", err
	case function == "":
		return "", fail("%s has no %s", s.id, property)
	case strings.HasPrefix(function, "arn:"):
		return function, nil
	}
	account := s.s.account
	if before, after, partial := strings.Cut(function, ":function:"); partial {
		account, function = before, after
	}
	return s.arn("lambda", s.s.region, account, "function:"+function), nil
}

// version counts the versions of a function: 1 for the first of its function in
// the stack by logical id, 2 for the second.
//
// Inferred: the real number counts all that were ever published.
func (s subject) version() (string, error) {
	function, err := s.text("FunctionName")
	number := 0
	for other := range s.d.existing(s.s, s.resourceType()) {
		if named, err := other.text("FunctionName"); err == nil && named == function {
			number++
		}
		if other.id == s.id {
			break
		}
	}
	return strconv.Itoa(number), err
}
