package template

import (
	"reflect"

	"github.com/cloudfurl/cloudfurl/internal/fault"
)

// conditionFunctions are the functions that only Conditions may have.
//
// See: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-conditions.html
var conditionFunctions = []string{"Fn::And", "Fn::Or", "Fn::Not", "Fn::Equals"}

// Numbers of conditions in Fn::And and Fn::Or.
//
// See: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-conditions.html
const (
	minConditions = 2
	maxConditions = 10
)

// condition reports whether a condition of the Conditions section holds.
func (d *Deployment) condition(s *stack, name string) (bool, error) {
	raw, ok := s.conditions[name]
	if !ok {
		return false, fault.New(useKnown(keys(s.conditions)), "condition %q isn't defined", name)
	}
	value, err := d.memo.once(element{s, kindCondition, name, ""}, func() (any, error) {
		return resolver{d: d, s: s, inCondition: true, inFunction: true}.holds(raw)
	})
	if err != nil {
		return false, err
	}
	return value.(bool), nil
}

// holds evaluates an entry of Conditions.
func (r resolver) holds(raw any) (bool, error) {
	object, _ := raw.(map[string]any)
	if len(object) != 1 {
		return false, fault.New("use Fn::Equals, Fn::And, Fn::Or, Fn::Not or Condition", "is %s, not a condition", typeName(raw))
	}
	for name, argument := range object {
		value, err := r.holdsFunction(name, argument)
		if err != nil {
			return false, fault.In(name, err)
		}
		return value, nil
	}
	return false, nil
}

func (r resolver) holdsFunction(name string, argument any) (bool, error) {
	switch name {
	case "Condition":
		other, ok := argument.(string)
		if !ok {
			return false, fail("is %s, not the name of a condition", typeName(argument))
		}
		return r.d.condition(r.s, other)
	case "Fn::Equals":
		return r.equals(argument)
	case "Fn::Not":
		a := r.arguments(argument, 1, 1, "[condition]")
		return !resolved(a, 0, r.holds), a.err
	case "Fn::And", "Fn::Or":
		a := r.arguments(argument, minConditions, maxConditions, "[condition, condition, …] with 2 to 10 of them")
		for i := range a.list {
			if value := resolved(a, i, r.holds); a.err != nil || value == (name == "Fn::Or") {
				return value, a.err
			}
		}
		return name == "Fn::And", a.err
	}
	return false, fault.New(useKnown(append([]string{"Condition"}, conditionFunctions...)), "isn't a function of conditions")
}

func (r resolver) equals(raw any) (bool, error) {
	a := r.arguments(raw, 2, 2, "[value, value]")
	first, second := resolved(a, 0, r.argument), resolved(a, 1, r.argument)
	return equal(first, second), a.err
}

// equal compares values as CloudFormation does, where 1 equals "1" and true
// equals "true".
// Left out: that they do within lists and objects.
func equal(a, b any) bool {
	textA, okA := scalar(a)
	textB, okB := scalar(b)
	return okA && okB && textA == textB || reflect.DeepEqual(a, b)
}

func (r resolver) ifElse(raw any) (any, error) {
	branch, i, err := r.ifBranch(raw)
	if err != nil {
		return nil, err
	}
	value, err := r.data(branch)
	if err != nil {
		return nil, inIndex(err, i)
	}
	return value, nil
}

// ifBranch returns the branch of Fn::If that holds, and its index.
func (r resolver) ifBranch(raw any) (any, int, error) {
	a := r.arguments(raw, 3, 3, `["condition", value if it holds, value if not]`)
	name := literal[string](a, 0, "the name of a condition")
	if a.err != nil {
		return nil, 0, a.err
	}
	holds, err := r.d.condition(r.s, name)
	if err != nil {
		return nil, 0, inIndex(err, 0)
	}
	if holds {
		return a.list[1], 1, nil
	}
	return a.list[2], 2, nil
}
