package template

import (
	"slices"
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
	versions, err := s.siblings("FunctionName")
	return strconv.Itoa(slices.Index(versions, s.id) + 1), err
}

// siblings returns the resources of the same type in the same stack that give
// the same value for a property, s among them, by logical id. Those whose
// property can't be resolved are left out.
func (s subject) siblings(property string) ([]string, error) {
	own, err := s.text(property)
	if err != nil {
		return nil, err
	}
	var found []string
	for _, id := range s.s.resourceIDs {
		raw, _ := s.s.resources[id].(map[string]any)
		if raw["Type"] != s.resourceType() {
			continue
		}
		other := subject{d: s.d, s: s.s, id: id, raw: raw}
		if exists, err := s.d.resourceExists(s.s, id); err != nil || !exists {
			continue
		}
		if value, err := other.text(property); err == nil && value == own {
			found = append(found, id)
		}
	}
	slices.Sort(found)
	return found, nil
}
