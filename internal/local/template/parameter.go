package template

import (
	"slices"
	"strings"

	"github.com/cloudfurl/cloudfurl/internal/fault"
)

// Types of parameters whose value isn't simply a string. A list is written
// with commas, and an SSM type gives the name of the parameter that has the
// value.
//
// See: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html
const (
	typeCommaDelimitedList = "CommaDelimitedList"
	typeListPrefix         = "List<"
	typeSSMPrefix          = "AWS::SSM::Parameter::Value<"
)

// parameter returns the value of a template's parameter.
func (d *Deployment) parameter(s *stack, name string) (any, error) {
	return d.memo.once(element{s, kindParameter, name, ""}, func() (any, error) {
		declared, ok := s.parameters[name].(map[string]any)
		if !ok {
			return nil, fail("is %s, not an object", typeName(s.parameters[name]))
		}
		parameterType, ok := declared["Type"].(string)
		if !ok {
			return nil, fault.In("Type", fail("is %s, not a string", typeName(declared["Type"])))
		}
		value, err := d.parameterInput(s, name, declared)
		if err != nil {
			return nil, err
		}
		typed, err := d.typedParameter(s, parameterType, value)
		if err != nil || strings.HasPrefix(parameterType, typeSSMPrefix) {
			return typed, err
		}
		return typed, checkAllowed(typed, declared["AllowedValues"])
	})
}

// checkAllowed rejects a value, or a list with an item, that isn't one of
// AllowedValues.
//
// See: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html
func checkAllowed(value, allowedValues any) error {
	list, ok := allowedValues.([]any)
	if !ok {
		return nil
	}
	allowed := make([]string, len(list))
	for i, item := range list {
		allowed[i], _ = scalar(item)
	}
	items, isList := value.([]any)
	if !isList {
		items = []any{value}
	}
	for _, item := range items {
		if text, _ := scalar(item); !slices.Contains(allowed, text) {
			return fault.New(useKnown(allowed), "is %q, which isn't one of its AllowedValues", text)
		}
	}
	return nil
}

// parameterInput returns what the deployment gives the parameter, before its
// type is looked at: what the parent of a nested stack passes on, what the
// assembly says, or the default.
func (d *Deployment) parameterInput(s *stack, name string, declared map[string]any) (any, error) {
	if s.parent != nil {
		value, err := d.nestedParameter(s, name)
		if err != nil || value != nil {
			return value, err
		}
	}
	if value, ok := s.Parameters[name]; ok {
		return value, nil
	}
	if value, ok := declared["Default"]; ok {
		return value, nil
	}
	return nil, fault.New("give the parameter a default in the app", "has no default and no value")
}

// nestedParameter returns what the parent of a nested stack passes to one of
// its parameters, or nil.
func (d *Deployment) nestedParameter(s *stack, name string) (any, error) {
	subject, err := d.subject(s.parent, s.parentID)
	if err != nil {
		return nil, err
	}
	value, err := subject.property("Parameters", name)
	if err != nil {
		return nil, err
	}
	if list, ok := value.([]any); ok {
		return joinScalars(list)
	}
	return value, nil
}

func joinScalars(list []any) (any, error) {
	texts := make([]string, len(list))
	for i, value := range list {
		text, ok := scalar(value)
		if !ok {
			return nil, fail("is passed %s in a list", typeName(value))
		}
		texts[i] = text
	}
	return strings.Join(texts, ","), nil
}

func (d *Deployment) typedParameter(s *stack, parameterType string, value any) (any, error) {
	text, ok := scalar(value)
	if !ok {
		return nil, fail("has %s as its value, not a string", typeName(value))
	}
	if inner, ok := strings.CutPrefix(parameterType, typeSSMPrefix); ok {
		resolved, err := d.ssmParameter(s, s.region, text)
		if err != nil {
			return nil, err
		}
		return d.typedParameter(s, strings.TrimSuffix(inner, ">"), resolved)
	}
	if parameterType == typeCommaDelimitedList || strings.HasPrefix(parameterType, typeListPrefix) {
		list := splitList(text, ",")
		for i, item := range list {
			list[i] = strings.TrimSpace(item.(string))
		}
		return list, nil
	}
	return text, nil
}
