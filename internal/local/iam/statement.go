package iam

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/cloudfurl/cloudfurl/internal/fault"
	"github.com/cloudfurl/cloudfurl/internal/local/wildcard"
)

// A Statement is a statement of a policy, as a template has it. Its elements are
// asked for once, by the first request that has its action: most statements of
// roles are about other services.
//
// See: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html
type Statement struct {
	Sid, Effect string

	// Action or NotAction lists actions, with wildcards.
	Action, NotAction []string

	Principal, NotPrincipal, Resource, NotResource, Condition Element
}

// An Element is an element of a statement. Its value is that of the JSON, with
// numbers as json.Number, or nil if the statement doesn't have it.
type Element interface{ Value() (any, error) }

// A Literal is an element whose value is known.
type Literal struct{ V any }

// Value returns V.
func (l Literal) Value() (any, error) { return l.V, nil }

// A statement is a Statement whose elements are asked for once.
type statement struct {
	name  string // in messages
	place string // in the policy
	deny  bool
	about func(action string) bool
	terms func() (terms, error)
}

// terms are what a request has to meet.
type terms struct {
	principals              []string
	resources, notResources []string
	conditions              []condition
}

// about reports whether the statement has an action.
//
// See: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html
func (s Statement) about(action string) bool {
	named := func(pattern string) bool { return wildcard.Match(strings.ToLower(pattern), strings.ToLower(action)) }
	if s.NotAction != nil {
		return !slices.ContainsFunc(s.NotAction, named)
	}
	return slices.ContainsFunc(s.Action, named)
}

func (s Statement) terms() (t terms, err error) {
	if s.Effect != "Allow" && s.Effect != "Deny" {
		return t, fault.In("Effect", fault.New("write Allow or Deny", "%q isn't an effect", s.Effect))
	}
	read(&err, "NotPrincipal", s.NotPrincipal, func(any) (any, error) {
		return nil, fault.New("write Principal, or test it on AWS", "isn't supported locally")
	})
	t = terms{
		principals:   read(&err, "Principal", s.Principal, principals),
		resources:    read(&err, "Resource", s.Resource, texts),
		notResources: read(&err, "NotResource", s.NotResource, texts),
		conditions:   read(&err, "Condition", s.Condition, conditions),
	}
	if err == nil && t.principals == nil {
		err = fault.In("Principal", fault.New(principalHint, "is missing"))
	}
	return t, err
}

// read returns the value of an element, unless an error came before.
func read[T any](err *error, name string, element Element, parse func(any) (T, error)) (result T) {
	if element == nil || *err != nil {
		return result
	}
	value, failed := element.Value()
	if failed == nil && value != nil {
		result, failed = parse(value)
	}
	*err = fault.In(name, failed)
	return result
}

// mismatch returns why the statement, which is about the action, doesn't apply to
// the request, or "" if it does.
func (s *statement) mismatch(r Request) string {
	t, err := s.terms()
	in := func(patterns []string) bool {
		return slices.ContainsFunc(patterns, func(pattern string) bool { return wildcard.Match(pattern, r.Resource) })
	}
	switch {
	case err != nil:
		return "it can't be evaluated: " + err.Error()
	case !t.names(r.Names):
		return "Principal is " + strings.Join(t.principals, ", ")
	case r.Resource == "" && s.deny:
		return "the resource isn't known yet"
	case r.Resource != "" && t.resources != nil && !in(t.resources):
		return "Resource is " + strings.Join(t.resources, ", ")
	case r.Resource != "" && in(t.notResources):
		return "NotResource is " + strings.Join(t.notResources, ", ")
	}
	for _, c := range t.conditions {
		if why := c.mismatch(r); why != "" {
			return why
		}
	}
	return ""
}

// names reports whether one of the names is a principal of the statement.
//
// See: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
func (t terms) names(caller []string) bool {
	return slices.Contains(t.principals, anyone) || slices.ContainsFunc(caller, func(name string) bool { return slices.Contains(t.principals, name) })
}

const (
	anyone        = "*"
	principalHint = `write "*", or an object with AWS, CanonicalUser or Service`
)

// principals returns the names in a Principal. That of an account is its id.
func principals(value any) (names []string, err error) {
	kinds, ok := value.(map[string]any)
	switch {
	case value == anyone:
		return []string{anyone}, nil
	case !ok || len(kinds) == 0:
		return nil, fault.New(principalHint, "%v isn't a principal", value)
	}
	for kind, value := range kinds {
		list, err := texts(value)
		if !slices.Contains([]string{"AWS", "CanonicalUser", "Service", "Federated"}, kind) {
			err = fault.New("write AWS, CanonicalUser, Service or Federated", "unknown type of principal")
		}
		if err != nil {
			return nil, fault.In(kind, err)
		}
		for _, name := range list {
			if account, root := strings.CutSuffix(name, ":root"); root && strings.HasPrefix(name, "arn:") {
				name = account[strings.LastIndex(account, ":")+1:]
			}
			names = append(names, name)
		}
	}
	slices.Sort(names) // the log must not depend on Go's order of maps
	return names, nil
}

func texts(value any) ([]string, error) {
	list, ok := value.([]any)
	if !ok {
		list = []any{value}
	}
	result := make([]string, len(list))
	for i, item := range list {
		switch item.(type) {
		case string, bool, json.Number:
			result[i] = fmt.Sprint(item)
		default:
			return nil, fault.New("write a string or a list of strings", "%v isn't a string", item)
		}
		if strings.Contains(result[i], "${") {
			return nil, fault.New("write the value itself, or test it on AWS", "policy variables aren't supported locally: %s", result[i])
		}
	}
	return result, nil
}
