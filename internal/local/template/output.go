package template

import (
	"fmt"
	"slices"
	"strings"
)

// An Output is one output of a deployed stack. What it says is resolved when it
// is asked for.
type Output struct {
	// Stack is the ID of the stack, and Name the output's name in its
	// template.
	Stack, Name string

	// Description is the template's word for it. Empty if there is none.
	Description string

	d *Deployment
	s *stack
}

// Value returns the output's value.
func (o Output) Value() (string, error) {
	o.d.mu.Lock()
	defer o.d.mu.Unlock()
	return o.d.output(o.s, o.Name)
}

// ExportName returns the name that the output is exported by, or "".
func (o Output) ExportName() (string, error) {
	o.d.mu.Lock()
	defer o.d.mu.Unlock()
	return o.d.exportName(o.s, o.Name)
}

// Outputs returns the outputs of a stack by name, those whose Condition does
// not hold left out. The stack is named by its ID, or by its name if only one
// stack has it.
func (d *Deployment) Outputs(stackID string) ([]Output, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	s, err := d.stackNamed(stackID)
	if err != nil {
		return nil, err
	}
	var outputs []Output
	for _, name := range keys(s.outputs) {
		exists, err := d.outputExists(s, name)
		if err != nil {
			return nil, err
		}
		if exists {
			raw, _ := s.outputs[name].(map[string]any)
			description, _ := raw["Description"].(string)
			outputs = append(outputs, Output{Stack: s.id, Name: name, Description: description, d: d, s: s})
		}
	}
	return outputs, nil
}

// output returns the value of an output, which must exist.
func (d *Deployment) output(s *stack, name string) (string, error) {
	declared, ok := s.outputs[name]
	if !ok {
		return "", fail("stack %s has no output %q", s.id, name).known(keys(s.outputs))
	}
	raw, ok := declared.(map[string]any)
	if !ok {
		return "", inElement(fail("is %s, not an object", typeName(declared)), s.id, kindOutput, name)
	}
	exists, err := d.outputExists(s, name)
	if err != nil {
		return "", err
	}
	if !exists {
		return "", fail("output %s of stack %s does not exist, as its condition %s does not hold", name, s.id, raw["Condition"])
	}
	return d.outputText(s, name, "Value", raw["Value"])
}

func (d *Deployment) outputText(s *stack, name, path string, raw any) (string, error) {
	value, err := d.memo.once(element{s, kindOutput, name, path}, func() (any, error) {
		value, err := resolver{d: d, s: s}.data(raw)
		if err != nil {
			return nil, err
		}
		text, ok := scalar(value)
		if !ok {
			return nil, fail("is %s, not a string", typeName(value))
		}
		return text, nil
	})
	if err != nil {
		return "", err
	}
	return value.(string), nil
}

func (d *Deployment) outputExists(s *stack, name string) (bool, error) {
	raw, _ := s.outputs[name].(map[string]any)
	return d.exists(s, kindOutput, name, raw)
}

// exportName returns the name that an output is exported by, or "".
func (d *Deployment) exportName(s *stack, name string) (string, error) {
	raw, _ := s.outputs[name].(map[string]any)
	export, ok := raw["Export"].(map[string]any)
	if !ok {
		return "", nil
	}
	return d.outputText(s, name, "Export.Name", export["Name"])
}

// importValue evaluates Fn::ImportValue: an export of the same account and
// region.
//
// See: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-importvalue.html
func (r resolver) importValue(raw any) (any, error) {
	name, err := r.text(raw)
	if err != nil {
		return nil, err
	}
	var known, elsewhere []string
	for _, s := range r.d.stacks {
		for _, output := range keys(s.outputs) {
			exists, err := r.d.outputExists(s, output)
			if err != nil || !exists {
				continue
			}
			// An export whose name cannot be resolved is not the one that
			// is asked for, as far as anybody can tell.
			exported, err := r.d.exportName(s, output)
			if err != nil || exported == "" {
				continue
			}
			switch {
			case s.region != r.s.region || !sameAccount(s, r.s):
				if exported == name {
					elsewhere = append(elsewhere, s.id+" in "+s.account+"/"+s.region)
				}
			case exported == name:
				return r.d.output(s, output)
			default:
				known = append(known, exported)
			}
		}
	}
	if len(elsewhere) > 0 {
		return nil, fail("%q is exported by %s, and an export is seen in its own account and region only", name, strings.Join(elsewhere, ", ")).
			cure("use Fn::GetStackOutput to read it from %s/%s", r.s.account, r.s.region)
	}
	return nil, fail("nothing exports %q in %s/%s", name, r.s.account, r.s.region).known(known)
}

// sameAccount reports whether two stacks are in one account. A stack that
// leaves its account open is in the account of whoever asks.
func sameAccount(a, b *stack) bool {
	return a.anyAccount || b.anyAccount || a.account == b.account
}

// Arguments of Fn::GetStackOutput.
//
// See: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-getstackoutput.html
var getStackOutputArguments = []string{"StackName", "OutputName", "Region", "RoleArn"}

// getStackOutput evaluates Fn::GetStackOutput. The account to look in is that
// of the role, or that of the asking stack; the region is its own by default.
func (r resolver) getStackOutput(raw any) (any, error) {
	object, ok := raw.(map[string]any)
	if !ok {
		return nil, fail("is given %s, not an object", typeName(raw)).known(getStackOutputArguments)
	}
	args := make(map[string]string, len(object))
	for _, name := range keys(object) {
		if !slices.Contains(getStackOutputArguments, name) {
			return nil, fail("has an argument %q", name).known(getStackOutputArguments)
		}
		value, err := r.argument(object[name])
		if err != nil {
			return nil, inField(err, name)
		}
		if _, drop := value.(noValue); drop {
			continue
		}
		if args[name], ok = scalar(value); !ok {
			return nil, inField(fail("is %s, not a string", typeName(value)), name)
		}
	}
	for _, name := range getStackOutputArguments[:2] {
		if args[name] == "" {
			return nil, fail("has no %s", name)
		}
	}
	if args["Region"] == "" {
		args["Region"] = r.s.region
	}
	s, err := r.stackOf(args["StackName"], args["Region"], args["RoleArn"])
	if err != nil {
		return nil, err
	}
	return r.d.output(s, args["OutputName"])
}

// stackOf finds a stack as Fn::GetStackOutput names it.
func (r resolver) stackOf(name, region, roleARN string) (*stack, error) {
	account := r.s.account
	if fields := strings.Split(roleARN, ":"); len(fields) > 4 {
		account = fields[4]
	}
	var known []string
	var other *stack
	for _, s := range r.d.stacks {
		switch {
		case s.name != name || s.region != region:
			known = append(known, fmt.Sprintf("%s in %s", s.name, s.region))
		case s.account == account || roleARN == "" && sameAccount(s, r.s):
			return s, nil
		default:
			other = s
		}
	}
	if other != nil && other.anyAccount {
		return other, nil
	}
	if other != nil {
		return nil, fail("stack %s is in account %s, and it is looked for in %s", name, other.account, account).
			cure("give the RoleArn of a role in account %s", other.account)
	}
	return nil, fail("there is no stack %s in region %s", name, region).known(known)
}
