package bucket

import (
	"slices"
	"strconv"
	"strings"

	"github.com/cloudfurl/cloudfurl/internal/fault"
	"github.com/cloudfurl/cloudfurl/internal/local/wildcard"
)

// A condition is one operator of a statement with one key. It holds if any of its
// values matches, or for a negated operator if none does.
//
// See: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
type condition struct {
	operator, key string
	values        []string

	matches  func(value, fact string) bool
	negated  bool
	ifExists bool
	null     bool
}

// operators are the supported operators, without the negated ones.
var operators = map[string]func(value, fact string) bool{
	"StringEquals":             func(value, fact string) bool { return value == fact },
	"StringEqualsIgnoreCase":   strings.EqualFold,
	"StringLike":               wildcard.Match,
	"ArnEquals":                wildcard.MatchARN,
	"ArnLike":                  wildcard.MatchARN,
	"Bool":                     strings.EqualFold,
	"NumericEquals":            numeric(func(value, fact float64) bool { return fact == value }),
	"NumericLessThan":          numeric(func(value, fact float64) bool { return fact < value }),
	"NumericLessThanEquals":    numeric(func(value, fact float64) bool { return fact <= value }),
	"NumericGreaterThan":       numeric(func(value, fact float64) bool { return fact > value }),
	"NumericGreaterThanEquals": numeric(func(value, fact float64) bool { return fact >= value }),
}

func numeric(compare func(value, fact float64) bool) func(value, fact string) bool {
	return func(value, fact string) bool {
		v, err := strconv.ParseFloat(value, 64)
		if err != nil {
			return false
		}
		f, err := strconv.ParseFloat(fact, 64)
		return err == nil && compare(v, f)
	}
}

// conditionKeys are the supported keys, in lower case: they are case-insensitive.
var conditionKeys = []string{
	"aws:principalaccount", "aws:principalarn", "aws:principalisawsservice", "aws:principalservicename", "aws:referer",
	"aws:securetransport", "aws:sourceaccount", "aws:sourcearn", "aws:useragent", "s3:tlsversion",
}

func parseConditions(document map[string]map[string]any) ([]condition, error) {
	var conditions []condition
	for operator, keys := range document {
		for key, values := range keys {
			c, err := parseCondition(operator, key, values)
			if err != nil {
				return nil, fault.In("Condition", fault.In(operator, fault.In(key, err)))
			}
			conditions = append(conditions, c)
		}
	}
	// The log must not depend on Go's order of maps.
	slices.SortFunc(conditions, func(a, b condition) int { return strings.Compare(a.String(), b.String()) })
	return conditions, nil
}

func parseCondition(operator, key string, values any) (condition, error) {
	c := condition{operator: operator, key: key}
	var err error
	if c.values, err = texts(values); err != nil {
		return c, err
	}
	if !slices.Contains(conditionKeys, strings.ToLower(key)) {
		return c, fault.New("use one of "+strings.Join(conditionKeys, ", ")+", or test it on AWS", "the condition key %s isn't supported locally", key)
	}
	name, ifExists := strings.CutSuffix(operator, "IfExists")
	c.ifExists = ifExists
	if name == "Null" {
		c.null = true
		return c, nil
	}
	if positive := strings.Replace(name, "Not", "", 1); positive != name {
		name, c.negated = positive, true
	}
	if c.matches = operators[name]; c.matches == nil {
		return c, fault.New("use a string, ARN, numeric or Bool operator, or test it on AWS", "the condition operator %s isn't supported locally", operator)
	}
	return c, nil
}

// holds reports whether the condition holds. A key that the request doesn't have
// fails every operator except the negated ones and those with IfExists.
func (c condition) holds(facts map[string]string) bool {
	fact, ok := facts[strings.ToLower(c.key)]
	switch {
	case c.null:
		return slices.ContainsFunc(c.values, func(value string) bool { return strings.EqualFold(value, strconv.FormatBool(!ok)) })
	case !ok:
		return c.ifExists || c.negated
	}
	return c.negated != slices.ContainsFunc(c.values, func(value string) bool { return c.matches(value, fact) })
}

func (c condition) String() string {
	return c.operator + " " + c.key + " " + strings.Join(c.values, ", ")
}
