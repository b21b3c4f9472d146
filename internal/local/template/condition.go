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
		args, err := arguments(argument, 1, 1, "[condition]")
		if err != nil {
			return false, err
		}
		value, err := r.holds(args[0])
		if err != nil {
			return false, inIndex(err, 0)
		}
		return !value, nil
	case "Fn::And", "Fn::Or":
		args, err := arguments(argument, minConditions, maxConditions, "[condition, condition, …] with 2 to 10 of them")
		if err != nil {
			return false, err
		}
		for i, arg := range args {
			value, err := r.holds(arg)
			if err != nil {
				return false, inIndex(err, i)
			}
			if value == (name == "Fn::Or") {
				return value, nil
			}
		}
		return name == "Fn::And", nil
	}
	return false, fault.New(useKnown(append([]string{"Condition"}, conditionFunctions...)), "isn't a function of conditions")
}

func (r resolver) equals(raw any) (bool, error) {
	args, err := arguments(raw, 2, 2, "[value, value]")
	if err != nil {
		return false, err
	}
	var values [2]any
	for i, arg := range args {
		if values[i], err = r.argument(arg); err != nil {
			return false, inIndex(err, i)
		}
	}
	return equal(values[0], values[1]), nil
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
	args, err := arguments(raw, 3, 3, `["condition", value if it holds, value if not]`)
	if err != nil {
		return nil, 0, err
	}
	name, ok := args[0].(string)
	if !ok {
		return nil, 0, inIndex(fail("is %s, not the name of a condition", typeName(args[0])), 0)
	}
	holds, err := r.d.condition(r.s, name)
	if err != nil {
		return nil, 0, inIndex(err, 0)
	}
	if holds {
		return args[1], 1, nil
	}
	return args[2], 2, nil
}
