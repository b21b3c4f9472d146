package template

import (
	"fmt"
	"maps"
	"slices"
	"sync"
)

// Environment of stacks that leave theirs open, unless Options say otherwise.
const (
	// DefaultAccount is the account id that AWS uses in its examples.
	DefaultAccount = "111122223333"

	// DefaultRegion is the region of stacks that name none.
	DefaultRegion = "us-east-1"
)

// Options tell how stacks are played.
type Options struct {
	// Account is the id of the account of stacks that leave it open.
	// Default: DefaultAccount.
	Account string

	// Region is the region of stacks that leave it open.
	// Default: DefaultRegion.
	Region string

	// Identities plays further resource types, or the built-in ones
	// differently, by type. Default: the built-in ones only.
	Identities map[string]Identity

	// Values gives what no template holds: what dynamic references refer to, by
	// what stands between "{{resolve:" and "}}", such as "ssm:/shared/token" or
	// "secretsmanager:Secret:SecretString:password"; and what Fn::GetAtt gives,
	// by "LogicalID.Attribute". They are asked before the stacks.
	// Default: none
	Values map[string]string
}

// A Deployment is a set of stacks as if they had been deployed. It is safe for
// concurrent use. What it returns is shared and must not be written to.
type Deployment struct {
	mu         sync.Mutex
	stacks     []*stack
	identities map[string]Identity
	values     map[string]string
	memo       memo
}

// New returns a deployment of the given stacks. It resolves nothing yet, and
// fails only if two stacks could not be told apart or a section of a template
// is no object.
func New(stacks []Stack, options Options) (*Deployment, error) {
	if options.Account == "" {
		options.Account = DefaultAccount
	}
	if options.Region == "" {
		options.Region = DefaultRegion
	}
	d := &Deployment{values: maps.Clone(options.Values), identities: builtIn()}
	maps.Copy(d.identities, options.Identities)
	seen := make(map[string]string)
	for _, given := range stacks {
		flat, err := newStack(given, options)
		if err != nil {
			return nil, err
		}
		s := flat[0]
		for _, key := range []string{"ID " + s.id, fmt.Sprintf("name %s in account %s and region %s", s.name, s.account, s.region)} {
			if other, ok := seen[key]; ok {
				return nil, inElement(fail("has the %s, as has stack %s", key, other).cure("give each stack its own"), s.id, kindStack, "")
			}
			seen[key] = s.id
		}
		d.stacks = append(d.stacks, flat...)
	}
	return d, nil
}

// Resource returns the resource of the given logical id. The stack is named by
// its ID, or by its name if only one stack has it. A resource whose Condition
// does not hold is an error, as it would not exist.
func (d *Deployment) Resource(stackID, logicalID string) (*Resource, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	s, err := d.stackNamed(stackID)
	if err != nil {
		return nil, err
	}
	subject, err := d.subject(s, logicalID)
	if err != nil {
		return nil, inElement(err, s.id, kindStack, "")
	}
	return subject.resource(), nil
}

// ResourcesOfType returns the resources of a type in all stacks, those whose
// Condition does not hold left out: by stack in the order given to New, then by
// logical id. Their properties are not resolved yet.
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
			if err != nil {
				return nil, err
			}
			if holds {
				found = append(found, Subject{d: d, s: s, id: id, raw: raw}.resource())
			}
		}
	}
	return found, nil
}

// Lookup returns the resource of a type whose attribute has the given value:
// the way back from an ARN, id or domain to what defines it. The attribute is
// one that Fn::GetAtt takes, or "Ref". Resources whose attribute cannot be
// resolved are passed over, and named if nothing is found.
func (d *Deployment) Lookup(resourceType, attribute, value string) (*Resource, error) {
	resources, err := d.ResourcesOfType(resourceType)
	if err != nil {
		return nil, err
	}
	var known []string
	var broken error
	for _, r := range resources {
		got, err := r.Attribute(attribute)
		switch {
		case err != nil:
			broken = err
		case got == value:
			return r, nil
		default:
			known = append(known, fmt.Sprintf("%s (%s of stack %s)", got, r.LogicalID, r.Stack))
		}
	}
	if broken != nil {
		return nil, broken
	}
	return nil, inElement(fail("no %s has the %s %q", resourceType, attribute, value).known(known), d.stackIDs(), kindStack, "")
}

func (d *Deployment) stackIDs() string {
	ids := make([]string, len(d.stacks))
	for i, s := range d.stacks {
		ids[i] = s.id
	}
	return fmt.Sprint(ids)
}

func (d *Deployment) stackNamed(idOrName string) (*stack, error) {
	var named []*stack
	for _, s := range d.stacks {
		if s.id == idOrName {
			return s, nil
		}
		if s.name == idOrName {
			named = append(named, s)
		}
	}
	if len(named) == 1 {
		return named[0], nil
	}
	problem := fail("is not in the assembly")
	if len(named) > 1 {
		problem = fail("is the name of %d stacks, so give the ID of one", len(named))
	}
	known := make([]string, len(d.stacks))
	for i, s := range d.stacks {
		known[i] = s.id
	}
	slices.Sort(known)
	return nil, inElement(problem.known(known), idOrName, kindStack, "")
}
