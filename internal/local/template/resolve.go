package template

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/cloudfurl/cloudfurl/internal/fault"
)

// noValue is what Ref gives for AWS::NoValue: it removes its property or list
// element.
type noValue struct{}

// maxText is the longest string, in bytes, that a function may give: the size
// of the largest template.
//
// See: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
const maxText = 1 << 20

// A resolver resolves values in the template of one stack.
type resolver struct {
	d *Deployment
	s *stack

	// inCondition is set in Conditions, where no resource exists yet.
	inCondition bool

	// inFunction is set among the arguments of a function, where dynamic
	// references are still plain text: CloudFormation replaces them in the
	// value that is left when all functions are done.
	inFunction bool
}

// data resolves a value of a property or output.
func (r resolver) data(raw any) (any, error) {
	switch raw := raw.(type) {
	case map[string]any:
		name, ok, err := intrinsic(raw)
		if err != nil {
			return nil, err
		}
		if ok {
			value, err := r.call(name, raw[name])
			if err == nil && name != "Fn::If" { // data has resolved the branch already
				value, err = r.replaceReferences(value)
			}
			if err != nil {
				return nil, fault.In(name, err)
			}
			return value, nil
		}
		return r.object(raw)
	case []any:
		return r.list(raw)
	case string:
		return r.replaceReferences(raw)
	case nil:
		return nil, fault.New("remove it, or use Ref AWS::NoValue", "is null, which CloudFormation rejects")
	}
	return raw, nil
}

// argument resolves a value in the arguments of a function.
func (r resolver) argument(raw any) (any, error) {
	r.inFunction = true
	return r.data(raw)
}

// object resolves by name, so that a broken template always gives the same error.
func (r resolver) object(raw map[string]any) (any, error) {
	resolved := make(map[string]any, len(raw))
	for _, name := range keys(raw) {
		value, err := r.data(raw[name])
		if err != nil {
			return nil, fault.In(name, err)
		}
		if _, drop := value.(noValue); !drop {
			resolved[name] = value
		}
	}
	return resolved, nil
}

func (r resolver) list(raw []any) (any, error) {
	resolved := make([]any, 0, len(raw))
	for i, value := range raw {
		value, err := r.data(value)
		if err != nil {
			return nil, inIndex(err, i)
		}
		if _, drop := value.(noValue); !drop {
			resolved = append(resolved, value)
		}
	}
	return resolved, nil
}

// intrinsic returns the function that an object calls. A function beside other
// keys is an error.
func intrinsic(object map[string]any) (name string, ok bool, err error) {
	for key := range object {
		if key != "Ref" && !strings.HasPrefix(key, "Fn::") {
			continue
		}
		if len(object) == 1 {
			return key, true, nil
		}
		if key != "Ref" {
			return "", false, fault.New("make the function the only key of its object", "has %s beside other keys", key)
		}
	}
	return "", false, nil
}

// functions are the functions that templates may call. They call each other by this
// table, so its initializer would depend on itself.
var functions map[string]func(resolver, any) (any, error)

func init() {
	functions = map[string]func(resolver, any) (any, error){
		"Ref":                resolver.ref,
		"Fn::Base64":         resolver.base64,
		"Fn::FindInMap":      resolver.findInMap,
		"Fn::GetAtt":         resolver.getAtt,
		"Fn::GetStackOutput": resolver.getStackOutput,
		"Fn::If":             resolver.ifElse,
		"Fn::ImportValue":    resolver.importValue,
		"Fn::Join":           resolver.join,
		"Fn::Select":         resolver.selectElement,
		"Fn::Split":          resolver.split,
		"Fn::Sub":            resolver.sub,
		"Fn::ToJsonString":   resolver.toJSONString,
	}
}

// call evaluates one function. Its arguments are resolved as far as the
// function needs them.
func (r resolver) call(name string, argument any) (any, error) {
	if function, ok := functions[name]; ok {
		return function(r, argument)
	}
	if slices.Contains(conditionFunctions, name) {
		return nil, fault.New("define it in Conditions, and use Fn::If with its name", "is allowed only in Conditions")
	}
	return nil, foreign(useKnown(slices.Collect(maps.Keys(functions))), "isn't a supported function")
}

// text resolves a value that must be a string; numbers and booleans are
// converted.
func (r resolver) text(raw any) (string, error) {
	value, err := r.argument(raw)
	if err != nil {
		return "", err
	}
	return textOf(value)
}

// textOf returns a string, number or boolean as text.
func textOf(value any) (string, error) {
	text, ok := scalar(value)
	if !ok {
		return "", fail("is %s, not a string", typeName(value))
	}
	return text, nil
}

// scalar returns a string, number or boolean as CloudFormation writes it into
// a string.
func scalar(value any) (string, bool) {
	switch value := value.(type) {
	case string:
		return value, true
	case bool:
		return strconv.FormatBool(value), true
	case json.Number:
		return value.String(), true
	case float64:
		return strconv.FormatFloat(value, 'f', -1, 64), true
	case int:
		return strconv.Itoa(value), true
	}
	return "", false
}
