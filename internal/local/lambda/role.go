package lambda

import (
	"fmt"
	"slices"
	"strings"

	"github.com/cloudfurl/cloudfurl/internal/fault"
	"github.com/cloudfurl/cloudfurl/internal/local/wildcard"
)

// A Role is the role of a function, as a caller of function URLs in its account.
// Left out: permissions boundaries, and conditions on other keys than Lambda's own
// two.
type Role struct {
	// Name is what the log calls the role. Required.
	Name string

	// ARN is the role's ARN. Required.
	ARN string

	// Statements returns the statements of the role's policies. They count even
	// beside an error, which becomes the cause if none permits a call. Required.
	Statements func() ([]RoleStatement, error)
}

// A RoleStatement is a statement of a policy of a role.
//
// See: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html
type RoleStatement struct {
	Effect string // Allow or Deny

	// Action or NotAction lists actions, with wildcards.
	Action, NotAction []string

	// Resource or NotResource is a pattern or a list of them, and Condition maps
	// operators to keys to values. They are asked for only if the action matches.
	Resource, NotResource, Condition Element
}

// An Element is an element of a statement as a template has it. Its value is nil
// if the statement doesn't have it.
type Element interface{ Value() (any, error) }

// Denial returns nil if the role's policies, or the function's, permit a call in
// their account.
//
// See: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-basics.html
func (r *Role) Denial(call Call, policy Policy) *Denial {
	statements, err := r.Statements()
	allowed := false
	for _, statement := range statements {
		matches, why := statement.matches(call)
		switch {
		case why != nil:
			err = why
		case matches && statement.Effect == "Deny":
			return &Denial{Cause: fmt.Sprintf("a policy of %s denies %s on %s", r.Name, call.Action, call.Function), Cure: "remove the Deny statement"}
		case matches:
			allowed = true
		}
	}
	call.Caller.ARN = r.ARN // a statement's Principal is the role, not its session
	// One that names the role's account leaves the decision to the role's policies.
	// See: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-accounts
	policy = slices.DeleteFunc(slices.Clone(policy), func(s Statement) bool { return s.namesAccount(call.Caller.Account) })
	if allowed || policy.Denial(call) == nil {
		return nil
	}
	denial := &Denial{
		Cause: fmt.Sprintf("no policy of %s allows %s on %s", r.Name, call.Action, call.Function),
		Cure:  fmt.Sprintf("allow %s on the function in a policy of the role", call.Action),
	}
	if err != nil {
		denial.Cause += ": " + err.Error()
	}
	return denial
}

// matches reports whether a statement is about a call.
func (s RoleStatement) matches(call Call) (bool, error) {
	named := func(patterns []string) bool {
		return slices.ContainsFunc(patterns, func(pattern string) bool {
			return wildcard.Match(strings.ToLower(pattern), strings.ToLower(call.Action))
		})
	}
	if s.Action != nil && !named(s.Action) || s.NotAction != nil && named(s.NotAction) {
		return false, nil
	}
	for _, element := range []struct {
		patterns Element
		matches  bool
	}{{s.Resource, true}, {s.NotResource, false}} {
		value, err := valueOf(element.patterns)
		if err != nil {
			return false, err
		}
		matches := slices.ContainsFunc(texts(value), func(pattern string) bool { return wildcard.Match(pattern, call.Function) })
		if value != nil && matches != element.matches {
			return false, nil
		}
	}
	conditions, err := valueOf(s.Condition)
	if err != nil || conditions == nil {
		return err == nil, err
	}
	return conditionsHold(conditions, call)
}

// conditionsHold evaluates the conditions on the two keys of Lambda that calls of
// function URLs have.
//
// See: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awslambda.html#awslambda-policy-keys
func conditionsHold(conditions any, call Call) (bool, error) {
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

func valueOf(e Element) (any, error) {
	if e == nil {
		return nil, nil
	}
	return e.Value()
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
