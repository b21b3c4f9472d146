package template

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/cloudfurl/cloudfurl/internal/fault"
)

// Outputs returns the outputs whose values are known, as "Stack.Name" and value.
func (d *Deployment) Outputs() (outputs [][2]string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, s := range d.stacks {
		for _, name := range keys(s.outputs) {
			if value, err := d.output(s, name); err == nil {
				outputs = append(outputs, [2]string{s.ID + "." + name, value})
			}
		}
	}
	return outputs
}

// output returns the value of an output, which must exist.
func (d *Deployment) output(s *stack, name string) (string, error) {
	declared, ok := s.outputs[name]
	if !ok {
		return "", fault.New(useKnown(keys(s.outputs)), "stack %s has no output %q", s.ID, name)
	}
	raw, ok := declared.(map[string]any)
	if !ok {
		return "", element{s, kindOutput, name, ""}.locate(fail("is %s, not an object", typeName(declared)))
	}
	exists, err := d.outputExists(s, name)
	if err != nil {
		return "", err
	}
	if !exists {
		return "", fail("output %s of stack %s doesn't exist, because its condition %s doesn't hold", name, s.ID, raw["Condition"])
	}
	return d.outputText(s, name, "Value", raw["Value"])
}

func (d *Deployment) outputText(s *stack, name, path string, raw any) (string, error) {
	value, err := d.memo.once(element{s, kindOutput, name, path}, func() (any, error) {
		value, err := resolver{d: d, s: s}.data(raw)
		if err != nil {
			return nil, err
		}
		return textOf(value)
	})
	if err != nil {
		return "", err
	}
	return value.(string), nil
}

func (d *Deployment) outputExists(s *stack, name string) (bool, error) {
	raw, _ := s.outputs[name].(map[string]any)
	return d.exists(element{s, kindOutput, name, ""}, raw)
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
			// Inferred: an export whose name can't be resolved isn't this one.
			exported, err := r.d.exportName(s, output)
			if err != nil || exported == "" {
				continue
			}
			switch {
			case s.region != r.s.region || !sameAccount(s, r.s):
				if exported == name {
					elsewhere = append(elsewhere, s.ID+" in "+s.account+"/"+s.region)
				}
			case exported == name:
				return r.d.output(s, output)
			default:
				known = append(known, exported)
			}
		}
	}
	if len(elsewhere) > 0 {
		return nil, fault.New(fmt.Sprintf("use Fn::GetStackOutput to read it from %s/%s", r.s.account, r.s.region),
			"%q is exported by %s, and exports are visible only in their own account and region", name, strings.Join(elsewhere, ", "))
	}
	return nil, foreign(useKnown(known), "no stack exports %q in %s/%s", name, r.s.account, r.s.region)
}

// sameAccount reports whether two stacks are in one account. A stack that
// leaves its account open is in any account.
func sameAccount(a, b *stack) bool {
	return a.anyAccount || b.anyAccount || a.account == b.account
}

// getStackOutput evaluates Fn::GetStackOutput. The account to look in is that
// of the role, or that of the asking stack; the region is its own by default.
//
// See: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-getstackoutput.html
func (r resolver) getStackOutput(raw any) (any, error) {
	value, err := r.argument(raw)
	if err != nil {
		return nil, err
	}
	var args struct{ StackName, OutputName, Region, RoleArn string }
	if err := decode(value, &args); err != nil {
		return nil, err
	}
	if args.StackName == "" || args.OutputName == "" {
		return nil, fail("has no StackName or no OutputName")
	}
	s, err := r.stackOf(args.StackName, cmp.Or(args.Region, r.s.region), args.RoleArn)
	if err != nil {
		return nil, err
	}
	return r.d.output(s, args.OutputName)
}

// stackOf finds a stack as Fn::GetStackOutput names it.
func (r resolver) stackOf(name, region, roleARN string) (*stack, error) {
	account := r.s.account
	if fields := strings.Split(roleARN, ":"); len(fields) > 4 {
		account = fields[4]
	}
	var other *stack
	for _, s := range r.d.stacks {
		switch {
		case s.name != name || s.region != region:
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
		return nil, fault.New("give the RoleArn of a role in account "+other.account,
			"stack %s is in account %s, not in %s", name, other.account, account)
	}
	known := make([]string, len(r.d.stacks))
	for i, s := range r.d.stacks {
		known[i] = s.name + " in " + s.region
	}
	return nil, foreign(useKnown(known), "stack %s isn't defined in region %s", name, region)
}
