package template

import (
	"fmt"
	"maps"
	"slices"
)

// A Stack is one synthesized stack, as a cloud assembly holds it.
type Stack struct {
	// ID names the stack uniquely among those given to New.
	ID string

	// Name is the name that CloudFormation would know the stack by, unique
	// in its account and region. Default: ID.
	Name string

	// Account is the account's id. Default: Options.Account, and the stack
	// counts as one of any account.
	Account string

	// Region is the region. Default: Options.Region.
	Region string

	// Parameters gives values to the template's parameters, before their
	// defaults.
	Parameters map[string]string

	// NotificationARNs is what AWS::NotificationARNs gives.
	NotificationARNs []string

	// Template is the decoded template. Numbers may be json.Number, float64
	// or int. It is never written to.
	Template map[string]any

	// Nested holds the nested stacks, by the logical id of their
	// AWS::CloudFormation::Stack resource. Their Name, Account, Region,
	// Parameters and NotificationARNs are taken from the parent.
	Nested map[string]Stack
}

// stack is a Stack in a Deployment.
type stack struct {
	id, name         string
	account, region  string
	anyAccount       bool
	given            map[string]string
	notificationARNs []string

	parameters, mappings, conditions, resources, outputs map[string]any

	resourceIDs        []string
	languageExtensions bool

	// parent and parentID are the stack and the resource that this one is
	// nested by; parent is nil if it is not nested.
	parent   *stack
	parentID string
	nested   map[string]*stack

	// cycles remembers, per logical id, what checkCycle found.
	cycles map[string]*Error
}

// newStack takes the sections of a template apart. Nested stacks are
// returned flat, each after its parent.
func newStack(given Stack, options Options) ([]*stack, error) {
	s := &stack{
		id: given.ID, name: given.Name, account: given.Account, region: given.Region,
		given: given.Parameters, notificationARNs: given.NotificationARNs,
		cycles: make(map[string]*Error),
	}
	if s.name == "" {
		s.name = s.id
	}
	if s.account == "" {
		s.account, s.anyAccount = options.Account, true
	}
	if s.region == "" {
		s.region = options.Region
	}
	sections := []struct {
		name string
		into *map[string]any
	}{
		{"Parameters", &s.parameters}, {"Mappings", &s.mappings}, {"Conditions", &s.conditions},
		{"Resources", &s.resources}, {"Outputs", &s.outputs},
	}
	for _, section := range sections {
		raw, ok := given.Template[section.name]
		if !ok {
			continue
		}
		content, ok := raw.(map[string]any)
		if !ok {
			return nil, inElement(inField(fail("is %s, not an object", typeName(raw)), section.name), s.id, kindStack, "")
		}
		*section.into = content
	}
	s.resourceIDs = slices.Sorted(maps.Keys(s.resources))
	s.languageExtensions = usesLanguageExtensions(given.Template["Transform"])
	flat := []*stack{s}
	for _, id := range slices.Sorted(maps.Keys(given.Nested)) {
		inner := given.Nested[id]
		inner.ID, inner.Name = s.id+"/"+id, ""
		inner.Account, inner.Region = given.Account, s.region
		inner.Parameters, inner.NotificationARNs = nil, given.NotificationARNs
		nested, err := newStack(inner, options)
		if err != nil {
			return nil, err
		}
		nested[0].parent, nested[0].parentID = s, id
		nested[0].name = generatedName(nested[0].parent, id, maxStackName)
		if s.nested == nil {
			s.nested = make(map[string]*stack)
		}
		s.nested[id] = nested[0]
		flat = append(flat, nested...)
	}
	return flat, nil
}

// maxStackName is the longest name of a stack, in characters.
//
// See: https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStack.html
const maxStackName = 128

// transformLanguageExtensions is the transform that some intrinsic functions
// need.
//
// See: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/transform-aws-languageextensions.html
const transformLanguageExtensions = "AWS::LanguageExtensions"

func usesLanguageExtensions(transform any) bool {
	if list, ok := transform.([]any); ok {
		return slices.Contains(list, any(transformLanguageExtensions))
	}
	return transform == transformLanguageExtensions
}

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
