package template

import (
	"maps"
	"regexp"
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
		return d.typedParameter(s, parameterType, value)
	})
}

// parameterInput returns what the deployment gives the parameter, before its
// type is looked at: what the parent of a nested stack passes on, what SetParameters
// was given, what the assembly says, or the default.
func (d *Deployment) parameterInput(s *stack, name string, declared map[string]any) (any, error) {
	if s.parent != nil {
		value, err := d.nestedParameter(s, name)
		if err != nil || value != nil {
			return value, err
		}
	}
	if given, ok := d.given(s, name); ok {
		return d.outputOr(s, given)
	}
	if value, ok := s.Parameters[name]; ok {
		return value, nil
	}
	if value, ok := declared["Default"]; ok {
		return value, nil
	}
	return nil, foreign("set it with --parameter "+s.ID+"."+name+"=VALUE", "has no default and no value")
}

// given returns the value given to a parameter of a stack that isn't nested.
func (d *Deployment) given(s *stack, name string) (string, bool) {
	value, ok := d.parameters[s.ID+"."+name]
	if !ok {
		value, ok = d.parameters[name]
	}
	return value, ok && s.parent == nil
}

// outputName matches the names that outputs may have.
//
// See: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/outputs-section-structure.html
var outputName = regexp.MustCompile(`^[A-Za-z0-9]+$`)

// outputOr returns the output of another stack that a value names, such as
// edge.VersionArn, or else the value.
func (d *Deployment) outputOr(s *stack, value string) (any, error) {
	name, output, _ := strings.Cut(value, ".")
	for _, other := range d.stacks {
		if other != s && name == other.ID && outputName.MatchString(output) {
			return d.output(other, output)
		}
	}
	return value, nil
}

// SetParameters gives values to parameters of the templates, by name, or by stack and
// name as in Api.Level. A value such as Edge.VersionArn is that output of another
// stack. They take precedence over those of the assembly.
func (d *Deployment) SetParameters(values map[string]string) error {
	d.parameters = values
	var known []string
	for _, s := range d.stacks {
		for _, name := range keys(s.parameters) {
			known = append(known, name, s.ID+"."+name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(values)) {
		if !slices.Contains(known, name) {
			return fault.At("--parameter", fault.New(useKnown(known), "no stack has the parameter %s", name))
		}
	}
	return nil
}

// Secrets returns the values given to parameters that are declared NoEcho, which
// errors must not show.
func (d *Deployment) Secrets() map[string]string {
	secrets := map[string]string{}
	for _, s := range d.stacks {
		for name, raw := range s.parameters {
			declared, _ := raw.(map[string]any)
			if echo, _ := scalar(declared["NoEcho"]); echo != "true" {
				continue
			}
			if value, ok := d.given(s, name); ok {
				secrets["parameter "+s.ID+"."+name] = value
			}
		}
	}
	return secrets
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
		return joinScalars(list, ",")
	}
	return value, nil
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
