package iam

import (
	"net/netip"
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
}

// operators are the supported operators, without the negated ones.
var operators = map[string]func(want, got string) bool{
	"StringEquals":             func(want, got string) bool { return want == got },
	"StringEqualsIgnoreCase":   strings.EqualFold,
	"StringLike":               wildcard.Match,
	"ArnEquals":                wildcard.MatchARN,
	"ArnLike":                  wildcard.MatchARN,
	"Bool":                     strings.EqualFold,
	"IpAddress":                inNetwork,
	"NumericEquals":            numeric(func(want, got float64) bool { return got == want }),
	"NumericLessThan":          numeric(func(want, got float64) bool { return got < want }),
	"NumericLessThanEquals":    numeric(func(want, got float64) bool { return got <= want }),
	"NumericGreaterThan":       numeric(func(want, got float64) bool { return got > want }),
	"NumericGreaterThanEquals": numeric(func(want, got float64) bool { return got >= want }),
}

// inNetwork reports whether an address is in a network in CIDR notation, or the same.
//
// See: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_IPAddress
func inNetwork(want, got string) bool {
	address, err := netip.ParseAddr(got)
	network, notNetwork := netip.ParsePrefix(want)
	return err == nil && (want == got || notNetwork == nil && network.Contains(address))
}

func numeric(compare func(want, got float64) bool) func(want, got string) bool {
	return func(want, got string) bool {
		w, err := strconv.ParseFloat(want, 64)
		if err != nil {
			return false
		}
		g, err := strconv.ParseFloat(got, 64)
		return err == nil && compare(w, g)
	}
}

func conditions(value any) (found []condition, err error) {
	byOperator, ok := value.(map[string]any)
	for operator, keys := range byOperator {
		byKey, isMap := keys.(map[string]any)
		ok = ok && isMap
		for key, values := range byKey {
			c := condition{operator: operator, key: key}
			if c.values, err = texts(values); err == nil {
				err = c.check()
			}
			if err != nil {
				return nil, fault.In(operator, fault.In(key, err))
			}
			found = append(found, c)
		}
	}
	if !ok {
		return nil, fault.New("write operators with keys and values", "isn't a condition")
	}
	// The log must not depend on Go's order of maps.
	slices.SortFunc(found, func(a, b condition) int { return strings.Compare(a.String(), b.String()) })
	return found, nil
}

func (c condition) check() error {
	if !slices.Contains(supportedKeys, strings.ToLower(c.key)) {
		return fault.New("use one of "+strings.Join(supportedKeys, ", ")+", or test it on AWS", "the condition key %s isn't supported locally", c.key)
	}
	if name, _, _ := c.parts(); name != "Null" && operators[name] == nil {
		return fault.New("use a string, ARN, numeric, address or Bool operator, or test it on AWS", "the condition operator %s isn't supported locally", c.operator)
	}
	return nil
}

func (c condition) parts() (name string, negated, ifExists bool) {
	full, ifExists := strings.CutSuffix(c.operator, "IfExists")
	name = strings.Replace(full, "Not", "", 1)
	return name, name != full, ifExists
}

// mismatch returns why the condition doesn't hold, or "" if it does. A key that the
// request doesn't have fails every operator except the negated ones and those with
// IfExists.
func (c condition) mismatch(r Request) string {
	key := strings.ToLower(c.key)
	got, ok := r.Keys[key]
	if r.Resource == "" && (headerOf[key] != "" || key == keySourceIP) {
		return "" // the request isn't known yet
	}
	name, negated, ifExists := c.parts()
	is, holds := "it is "+fault.Shorten(got), false
	if !ok {
		is = "the request has none"
	}
	switch {
	case name == "Null":
		holds = slices.ContainsFunc(c.values, func(want string) bool { return strings.EqualFold(want, strconv.FormatBool(!ok)) })
	case !ok:
		holds = ifExists || negated
	default:
		holds = negated != slices.ContainsFunc(c.values, func(want string) bool { return operators[name](want, got) })
	}
	if holds {
		return ""
	}
	return "Condition " + c.String() + " doesn't hold, " + is
}

func (c condition) String() string {
	return c.operator + " " + c.key + " " + strings.Join(c.values, ", ")
}
