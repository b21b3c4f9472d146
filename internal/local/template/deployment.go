package template

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/cloudfurl/cloudfurl/internal/fault"
	"github.com/cloudfurl/cloudfurl/internal/local/assembly"
)

// A Deployment is a set of stacks as if they had been deployed. It is safe for
// concurrent use. What it returns is shared and must not be written to. Its
// errors are *fault.Error.
type Deployment struct {
	mu         sync.Mutex
	stacks     []*stack
	values     map[string]string
	parameters map[string]string
	memo       memo

	// Skipped is called with why a resource is left out: its Condition depends on
	// what isn't known here.
	// Default: nothing is called
	Skipped func(error)
}

// New returns a deployment of the given stacks. It resolves nothing yet, and
// fails only if two stacks have the same ID or name, or a section of a template
// isn't an object.
//
// The values are those that templates don't have: of dynamic references, by the
// text between "{{resolve:" and "}}", such as "ssm:/shared/token" or
// "secretsmanager:Secret:SecretString:password"; and of Fn::GetAtt, by
// "LogicalID.Attribute". They take precedence over the stacks.
func New(stacks []*assembly.Stack, values map[string]string) (*Deployment, error) {
	d := &Deployment{values: values, Skipped: func(error) {}}
	seen := make(map[string]string)
	for _, given := range stacks {
		flat, err := newStack(given, nil, "")
		if err != nil {
			return nil, err
		}
		s := flat[0]
		for _, key := range []string{"ID " + s.ID, fmt.Sprintf("name %s in account %s and region %s", s.name, s.account, s.region)} {
			if other, ok := seen[key]; ok {
				return nil, fault.At(s.ID, fault.New("give each stack its own", "stack %s has the %s too", other, key))
			}
			seen[key] = s.ID
		}
		d.stacks = append(d.stacks, flat...)
	}
	return d, nil
}

// ResourcesOfType returns the resources of a type in all stacks, without those
// whose Condition doesn't hold: by stack in the order given to New, then by
// logical id. Their properties aren't resolved yet.
func (d *Deployment) ResourcesOfType(resourceType string) ([]*Resource, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	var found []*Resource
	for _, s := range d.stacks {
		exists, err := d.nestedExists(s)
		if err != nil {
			return nil, err
		}
		if !exists {
			continue
		}
		for _, id := range s.resourceIDs {
			raw, _ := s.resources[id].(map[string]any)
			if raw["Type"] != resourceType {
				continue
			}
			holds, err := d.resourceExists(s, id)
			switch {
			case errors.Is(err, ErrUnsupported):
				d.Skipped(err)
			case err != nil:
				return nil, err
			case holds:
				found = append(found, subject{d: d, s: s, id: id, raw: raw}.resource())
			}
		}
	}
	return found, nil
}

// Lookup returns the resource of a type whose attribute has the given value:
// the way back from an ARN, id or domain to what defines it. The attribute is
// one of Fn::GetAtt, or "Ref". Resources whose attribute can't be resolved are
// skipped, and reported if nothing is found. The error that nothing has the value
// wraps ErrUnsupported, as another app may define it. It has no place, because the
// caller knows the property that has the value.
func (d *Deployment) Lookup(resourceType, attribute, value string) (*Resource, error) {
	resources, err := d.ResourcesOfType(resourceType)
	if err != nil {
		return nil, err
	}
	var paths []string
	var broken error
	for _, r := range resources {
		got, err := r.Attribute(attribute)
		switch {
		case err != nil:
			broken = err
		case got == value:
			return r, nil
		default:
			paths = append(paths, r.Path)
		}
	}
	if broken != nil {
		return nil, broken
	}
	hint := "define it in the app"
	if len(paths) > 0 {
		hint = "define it in the app, or use " + known(paths)
	}
	return nil, &fault.Error{
		Problem: fmt.Sprintf("%q isn't the %s of an %s in this assembly", value, strings.Replace(attribute, "Ref", "id", 1), resourceType),
		Hint:    hint,
		Err:     ErrUnsupported,
	}
}

// maxKnown is how many names an error lists.
const maxKnown = 16

// known lists the names that could have been used, for a hint.
func known(names []string) string {
	names = slices.Compact(slices.Sorted(slices.Values(names)))
	switch {
	case len(names) == 1:
		return names[0]
	case len(names) > maxKnown:
		return fmt.Sprintf("one of %s and %d more", strings.Join(names[:maxKnown], ", "), len(names)-maxKnown)
	}
	return "one of " + strings.Join(names, ", ")
}

// useKnown is a hint: use one of the names, if there are any.
func useKnown(names []string) string {
	if len(names) == 0 {
		return "define one"
	}
	return "use " + known(names)
}

// fail returns an error that has no place and no hint yet.
func fail(format string, args ...any) error { return fault.New("", format, args...) }

// inIndex returns err with an index in front of its property.
func inIndex(err error, index int) error { return fault.In(fmt.Sprintf("[%d]", index), err) }
