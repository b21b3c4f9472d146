package template

import "maps"

// A Resource is one resource of a deployed stack. What it is made of is resolved
// when it is asked for.
type Resource struct {
	// Stack is the ID of the stack, and LogicalID the resource's name in its
	// template.
	Stack, LogicalID string

	// Type is the resource's type, such as AWS::Lambda::Function.
	Type string

	// Account and Region are those of the stack.
	Account, Region string

	// Condition is the name of the condition that the resource stands under;
	// it holds. Empty if there is none.
	Condition string

	// Metadata is the resource's Metadata as it was written; intrinsic
	// functions in it are not resolved. Nil if there is none.
	Metadata map[string]any

	subject Subject
}

// Properties returns all properties, resolved. What Ref gives AWS::NoValue is
// not in it. Numbers keep the type that they had in the template.
func (r *Resource) Properties() (map[string]any, error) {
	d := r.subject.d
	d.mu.Lock()
	defer d.mu.Unlock()
	return r.subject.properties()
}

// Property returns one property, resolved, without resolving the others. It is
// nil if the resource does not have it.
func (r *Resource) Property(name string) (any, error) {
	d := r.subject.d
	d.mu.Lock()
	defer d.mu.Unlock()
	return r.subject.Property(name)
}

// Ref returns what Ref gives for the resource.
func (r *Resource) Ref() (string, error) { return r.Attribute("Ref") }

// Attribute returns what Fn::GetAtt gives for an attribute, or what Ref gives
// if name is "Ref". A list is an error.
func (r *Resource) Attribute(name string) (string, error) {
	d := r.subject.d
	d.mu.Lock()
	defer d.mu.Unlock()
	value, err := d.attribute(r.subject, name)
	if err != nil {
		return "", inElement(err, r.Stack, kindResource, r.LogicalID)
	}
	text, ok := scalar(value)
	if !ok {
		return "", inElement(fail("attribute %s is %s, not a string", name, typeName(value)), r.Stack, kindResource, r.LogicalID)
	}
	return text, nil
}

// subject returns the resource of a logical id that is about to be used. Its
// Condition must hold, and it must not depend on itself.
func (d *Deployment) subject(s *stack, id string) (Subject, error) {
	raw, ok := s.resources[id].(map[string]any)
	if !ok {
		return Subject{}, fail("there is no resource %q", id).known(s.resourceIDs)
	}
	holds, err := d.resourceExists(s, id)
	if err != nil {
		return Subject{}, err
	}
	if !holds {
		return Subject{}, fail("resource %s does not exist, as its condition %s does not hold", id, raw["Condition"])
	}
	if err := d.checkCycle(s, id); err != nil {
		return Subject{}, err
	}
	return Subject{d: d, s: s, id: id, raw: raw}, nil
}

// resourceExists reports whether the Condition of a resource holds.
func (d *Deployment) resourceExists(s *stack, id string) (bool, error) {
	raw, _ := s.resources[id].(map[string]any)
	return d.exists(s, kindResource, id, raw)
}

// exists reports whether the Condition of a resource or output holds.
func (d *Deployment) exists(s *stack, kind, id string, raw map[string]any) (bool, error) {
	condition, ok := raw["Condition"]
	if !ok {
		return true, nil
	}
	name, ok := condition.(string)
	if !ok {
		return false, inElement(inField(fail("is %s, not the name of a condition", typeName(condition)), "Condition"), s.id, kind, id)
	}
	holds, err := d.condition(s, name)
	if err != nil {
		return false, inElement(inField(err, "Condition"), s.id, kind, id)
	}
	return holds, nil
}

// nestedExists reports whether a stack exists: always, if it is not nested.
func (d *Deployment) nestedExists(s *stack) (bool, error) {
	for ; s.parent != nil; s = s.parent {
		exists, err := d.resourceExists(s.parent, s.parentID)
		if err != nil || !exists {
			return false, err
		}
	}
	return true, nil
}

func (s Subject) resource() *Resource {
	condition, _ := s.raw["Condition"].(string)
	metadata, _ := s.raw["Metadata"].(map[string]any)
	return &Resource{
		Stack: s.s.id, LogicalID: s.id, Type: s.Type(), Account: s.s.account, Region: s.s.region,
		Condition: condition, Metadata: maps.Clone(metadata), subject: s,
	}
}

// properties resolves every property. Of several errors it returns that of the
// first property by name, so that a broken template always gives the same one.
func (s Subject) properties() (map[string]any, error) {
	raw, err := s.rawProperties()
	if err != nil {
		return nil, err
	}
	if err := s.d.checkCycle(s.s, s.id); err != nil {
		return nil, err
	}
	resolved := make(map[string]any, len(raw))
	var first firstError
	for name := range raw {
		value, err := s.property(name)
		if err != nil {
			first.add(name, err)
			continue
		}
		if _, drop := value.(noValue); !drop {
			resolved[name] = value
		}
	}
	if first.err != nil {
		return nil, first.err
	}
	return resolved, nil
}

func (s Subject) rawProperties() (map[string]any, error) {
	raw, ok := s.raw["Properties"]
	if !ok {
		return nil, nil
	}
	properties, ok := raw.(map[string]any)
	if !ok {
		return nil, inElement(inField(fail("is %s, not an object", typeName(raw)), "Properties"), s.s.id, kindResource, s.id)
	}
	return properties, nil
}

// property resolves one property, which the resource has. It may be noValue.
func (s Subject) property(name string) (any, error) {
	properties, err := s.rawProperties()
	if err != nil {
		return nil, err
	}
	return s.d.memo.once(element{s.s, kindResource, s.id, name}, func() (any, error) {
		return resolver{d: s.d, s: s.s}.data(properties[name])
	})
}

// firstError keeps the error with the lowest key.
type firstError struct {
	key string
	err error
}

func (f *firstError) add(key string, err error) {
	if f.err == nil || key < f.key {
		f.key, f.err = key, err
	}
}
