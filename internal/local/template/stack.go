package template

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/cloudfurl/cloudfurl/internal/fault"
	"github.com/cloudfurl/cloudfurl/internal/local/assembly"
)

// Environment of stacks that don't have one.
const (
	// DefaultAccount is the account id that AWS uses in its examples.
	DefaultAccount = "111122223333"

	// DefaultRegion is the region of stacks that have none.
	DefaultRegion = "us-east-1"
)

// stack is a stack of the assembly in a Deployment.
type stack struct {
	*assembly.Stack

	name, account, region string
	anyAccount, anyRegion bool

	parameters, mappings, conditions, resources, outputs map[string]any

	resourceIDs []string

	// parent and parentID are the stack and the resource that this one is
	// nested by; parent is nil if it isn't nested.
	parent   *stack
	parentID string
	nested   map[string]*stack
}

// newStack returns a stack and, behind it, those that are nested in it.
func newStack(given *assembly.Stack, parent *stack, id string) ([]*stack, error) {
	s := &stack{
		Stack: given, name: given.Name, account: given.Account, region: given.Region,
		parent: parent, nested: make(map[string]*stack),
	}
	switch {
	case parent != nil:
		s.parentID = id
		s.name = generatedName(parent, s.parentID, maxStackName)
		s.account, s.anyAccount = parent.account, parent.anyAccount
		s.region, s.anyRegion = parent.region, parent.anyRegion
		parent.nested[s.parentID] = s
	default:
		s.name = cmp.Or(s.name, s.ID)
		if s.account == "" {
			s.account, s.anyAccount = DefaultAccount, true
		}
		if s.region == "" {
			s.region, s.anyRegion = DefaultRegion, true
		}
	}
	sections := map[string]*map[string]any{
		"Parameters": &s.parameters, "Mappings": &s.mappings, "Conditions": &s.conditions,
		"Resources": &s.resources, "Outputs": &s.outputs,
	}
	for _, section := range slices.Sorted(maps.Keys(sections)) {
		raw, ok := given.Template[section]
		if !ok {
			continue
		}
		content, ok := raw.(map[string]any)
		if !ok {
			return nil, fault.At(s.ID, fault.In(section, fail("is %s, not an object", typeName(raw))))
		}
		*sections[section] = content
	}
	s.resourceIDs = slices.Sorted(maps.Keys(s.resources))
	flat := []*stack{s}
	for _, id := range slices.Sorted(maps.Keys(given.Nested)) {
		nested, err := newStack(given.Nested[id], s, id)
		if err != nil {
			return nil, err
		}
		flat = append(flat, nested...)
	}
	return flat, nil
}

// path returns the construct path of a resource that has one in its Metadata,
// else stack and logical id.
func (s *stack) path(logicalID string) string {
	raw, _ := s.resources[logicalID].(map[string]any)
	metadata, _ := raw["Metadata"].(map[string]any)
	if path, ok := metadata["aws:cdk:path"].(string); ok {
		return strings.TrimSuffix(path, "/Resource")
	}
	return s.ID + "/" + logicalID
}

// maxStackName is the longest name of a stack, in characters.
//
// See: https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStack.html
const maxStackName = 128

// typeName says what a decoded JSON value is, for error messages.
func typeName(v any) string {
	switch v.(type) {
	case nil:
		return "null"
	case string:
		return "a string"
	case bool:
		return "a boolean"
	case []any:
		return "a list"
	case map[string]any:
		return "an object"
	case noValue:
		return "AWS::NoValue"
	}
	if _, ok := scalar(v); ok {
		return "a number"
	}
	return fmt.Sprintf("a %T", v)
}
