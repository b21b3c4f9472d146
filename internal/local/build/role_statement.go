package build

import (
	"fmt"
	"slices"
	"strings"

	"github.com/cloudfurl/cloudfurl/internal/fault"
	"github.com/cloudfurl/cloudfurl/internal/local/lambda"
	"github.com/cloudfurl/cloudfurl/internal/local/template"
	"github.com/cloudfurl/cloudfurl/internal/local/wildcard"
)

// policyDocument is a policy. Most of its statements are about other services, so
// what they refer to is resolved only if their actions match.
type policyDocument struct {
	Statement []policyStatement

	Id, Version template.NoEffect
}

type policyStatement struct {
	Action, NotAction                []string
	Condition, NotResource, Resource template.Lazy
	Effect                           string

	Principal, Sid template.NoEffect
}

// matches reports whether a statement is about a call.
func (s policyStatement) matches(call lambda.Call) (bool, error) {
	named := func(patterns []string) bool {
		return slices.ContainsFunc(patterns, func(pattern string) bool {
			return wildcard.Match(strings.ToLower(pattern), strings.ToLower(call.Action))
		})
	}
	if s.Action != nil && !named(s.Action) || s.NotAction != nil && named(s.NotAction) {
		return false, nil
	}
	for _, element := range []struct {
		patterns template.Lazy
		matches  bool
	}{{s.Resource, true}, {s.NotResource, false}} {
		value, err := element.patterns.Value()
		if err != nil {
			return false, err
		}
		matches := slices.ContainsFunc(texts(value), func(pattern string) bool { return wildcard.Match(pattern, call.Function) })
		if value != nil && matches != element.matches {
			return false, nil
		}
	}
	conditions, err := s.Condition.Value()
	if err != nil || conditions == nil {
		return err == nil, err
	}
	return conditionsHold(conditions, call)
}

// conditionsHold evaluates the conditions on the two keys of Lambda that calls of
// function URLs have.
//
// See: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awslambda.html#awslambda-policy-keys
func conditionsHold(conditions any, call lambda.Call) (bool, error) {
	values := map[string]string{"lambda:functionurlauthtype": call.FunctionURLAuthType, "lambda:invokedviafunctionurl": "true"}
	operators, _ := conditions.(map[string]any)
	for operator, keys := range operators {
		keys, _ := keys.(map[string]any)
		for key, wanted := range keys {
			value, known := values[strings.ToLower(key)]
			if !known || operator != "StringEquals" && operator != "Bool" {
				return false, fault.New("", "the condition %s on %s isn't supported locally", operator, key)
			}
			if !slices.Contains(texts(wanted), value) {
				return false, nil
			}
		}
	}
	return true, nil
}

// texts returns a text, or a list of them, as a list.
func texts(value any) []string {
	list, ok := value.([]any)
	if !ok && value != nil {
		list = []any{value}
	}
	converted := make([]string, len(list))
	for i, item := range list {
		converted[i] = fmt.Sprint(item)
	}
	return converted
}
