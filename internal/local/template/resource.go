package template

import (
	"fmt"
	"iter"
	"slices"

	"github.com/cloudfurl/cloudfurl/internal/fault"
	"github.com/cloudfurl/cloudfurl/internal/local/assembly"
)

// A Resource is one resource of a deployed stack. What it is made of is resolved
// when it is asked for.
type Resource struct {
	// Stack is the ID of the stack, and LogicalID the resource's name in its
	// template.
	Stack, LogicalID string

	// Path is the resource's construct path, or stack and logical id if the
	// template doesn't have it.
	Path string

	// Type is the resource's type, such as AWS::Lambda::Function.
	Type string

	// Account and Region are those of the stack, and Partition is the region's,
	// such as aws-cn.
	Account, Region, Partition string

	// DependsOn holds the logical ids of the template's DependsOn.
	DependsOn []string

	subject subject
}

// Reaches reports whether the stack of another resource may be in the account and
// region of this one. Stacks without account or region may be anywhere.
func (r *Resource) Reaches(other *Resource) bool {
	a, b := r.subject.s, other.subject.s
	return sameAccount(a, b) && (a.anyRegion || b.anyRegion || a.region == b.region)
}

// Text returns one property as a string, or "" if the resource doesn't have it.
// Numbers and booleans are converted, anything else is an error.
func (r *Resource) Text(name string) (string, error) {
	d := r.subject.d
	d.mu.Lock()
	defer d.mu.Unlock()
	return r.subject.text(name)
}

// URLSuffix returns AWS::URLSuffix of the resource's stack, such as amazonaws.com.
func (r *Resource) URLSuffix() string { return r.subject.partition().suffix }

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
		return "", fault.At(r.Path, err)
	}
	text, ok := scalar(value)
	if !ok {
		return "", fault.At(r.Path, fail("attribute %s is %s, not a string", name, typeName(value)))
	}
	return text, nil
}

// Asset returns the file asset that a property of the resource names by its S3
// key. See assembly.Stack.Asset.
func (r *Resource) Asset(objectKey string) (assembly.Asset, error) {
	return r.subject.s.Asset(objectKey)
}

// Image returns the image asset that a URI in ECR, Code.ImageUri, names, or nil if
// it isn't of the assembly.
func (r *Resource) Image(uri string) (*assembly.Image, error) {
	return r.subject.s.Image(uri)
}

// subject returns the resource of a logical id that is about to be used. Its
// Condition must hold.
func (d *Deployment) subject(s *stack, id string) (subject, error) {
	raw, ok := s.resources[id].(map[string]any)
	if !ok {
		return subject{}, fault.New(useKnown(s.resourceIDs), "resource %q isn't defined", id)
	}
	holds, err := d.resourceExists(s, id)
	if err != nil {
		return subject{}, err
	}
	if !holds {
		return subject{}, fail("resource %s doesn't exist, because its condition %s doesn't hold", id, raw["Condition"])
	}
	return subject{d: d, s: s, id: id, raw: raw}, nil
}

func (d *Deployment) resourceExists(s *stack, id string) (bool, error) {
	raw, _ := s.resources[id].(map[string]any)
	return d.exists(element{s, kindResource, id, ""}, raw)
}

// existing yields the resources of a stack that have one of the types and exist, by
// logical id.
func (d *Deployment) existing(s *stack, types ...string) iter.Seq[subject] {
	return func(yield func(subject) bool) {
		for _, id := range s.resourceIDs {
			found := subject{d: d, s: s, id: id}
			found.raw, _ = s.resources[id].(map[string]any)
			if !slices.Contains(types, found.resourceType()) {
				continue
			}
			if exists, err := d.resourceExists(s, id); err == nil && exists && !yield(found) {
				return
			}
		}
	}
}

func (d *Deployment) exists(e element, raw map[string]any) (bool, error) {
	condition, ok := raw["Condition"]
	if !ok {
		return true, nil
	}
	e.path = "Condition"
	name, ok := condition.(string)
	if !ok {
		return false, e.locate(fail("is %s, not the name of a condition", typeName(condition)))
	}
	holds, err := d.condition(e.s, name)
	if err != nil {
		return false, e.locate(err)
	}
	return holds, nil
}

// nestedExists reports whether a stack exists: always, if it isn't nested.
func (d *Deployment) nestedExists(s *stack) (bool, error) {
	for ; s.parent != nil; s = s.parent {
		exists, err := d.resourceExists(s.parent, s.parentID)
		if err != nil || !exists {
			return false, err
		}
	}
	return true, nil
}

func (s subject) resource() *Resource {
	return &Resource{
		Stack: s.s.ID, LogicalID: s.id, Path: s.s.path(s.id), Type: s.resourceType(),
		Account: s.s.account, Region: s.s.region, Partition: s.partition().name, DependsOn: dependsOn(s.raw), subject: s,
	}
}

func dependsOn(raw map[string]any) []string {
	list, ok := raw["DependsOn"].([]any)
	if !ok && raw["DependsOn"] != nil {
		list = []any{raw["DependsOn"]}
	}
	ids := make([]string, len(list))
	for i, id := range list {
		ids[i] = fmt.Sprint(id)
	}
	return ids
}

func (s subject) element(path string) element { return element{s.s, kindResource, s.id, path} }

func (s subject) rawProperties() (map[string]any, error) {
	raw, ok := s.raw["Properties"]
	if !ok {
		return nil, nil
	}
	properties, ok := raw.(map[string]any)
	if !ok {
		return nil, s.element("Properties").locate(fail("is %s, not an object", typeName(raw)))
	}
	return properties, nil
}
