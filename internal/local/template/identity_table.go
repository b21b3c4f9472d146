package template

import (
	"maps"
	"slices"
)

// builtIn returns the table of identities that are known without Options. A
// further type is one more entry in the file of its service.
//
// What an attribute is called and what it looks like is documented per type.
// See: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-template-resource-type-ref.html
func builtIn() map[string]Identity {
	table := make(map[string]Identity)
	for _, service := range []map[string]Identity{
		lambdaIdentities, cloudfrontIdentities, storageIdentities, accessIdentities, messagingIdentities, customIdentities,
	} {
		maps.Copy(table, service)
	}
	return table
}

// randomID plays a random identifier: n characters of alphabet behind a prefix.
func randomID(prefix, alphabet string, n int) Value {
	return func(s Subject) (any, error) { return prefix + s.Token("id", alphabet, n), nil }
}

// uuid plays an identifier that is a UUID.
func uuid(s Subject) (any, error) { return s.uuid("id"), nil }

// text gives a property.
func text(property string) Value {
	return func(s Subject) (any, error) { return s.Text(property) }
}

// name gives a property or, without it, a generated name of at most limit
// characters.
func name(property string, limit int) Value {
	return func(s Subject) (any, error) { return s.Name(property, limit) }
}

// constant gives the same value for every resource.
func constant(value string) Value {
	return func(Subject) (any, error) { return value, nil }
}

// arn gives an ARN in the stack's region and account, whose resource is prefix
// and the value.
func arn(service, prefix string, value Value) Value {
	return func(s Subject) (any, error) { return arnOf(s, service, s.Region(), prefix, value) }
}

// globalARN gives an ARN without region.
func globalARN(service, prefix string, value Value) Value {
	return func(s Subject) (any, error) { return arnOf(s, service, "", prefix, value) }
}

func arnOf(s Subject, service, region, prefix string, value Value) (any, error) {
	resource, err := value(s)
	if err != nil {
		return nil, err
	}
	text, _ := scalar(resource)
	return s.ARN(service, region, s.Account(), prefix+text), nil
}

// siblings returns the resources of the same type in the same stack that give
// the same value for a property, s among them, by logical id. Those whose
// property cannot be resolved are not among them.
func (s Subject) siblings(property string) ([]string, error) {
	own, err := s.Text(property)
	if err != nil {
		return nil, err
	}
	var found []string
	for _, id := range s.s.resourceIDs {
		raw, _ := s.s.resources[id].(map[string]any)
		if raw["Type"] != s.Type() {
			continue
		}
		other := Subject{d: s.d, s: s.s, id: id, raw: raw}
		if exists, err := s.d.resourceExists(s.s, id); err != nil || !exists {
			continue
		}
		if value, err := other.Text(property); err == nil && value == own {
			found = append(found, id)
		}
	}
	slices.Sort(found)
	return found, nil
}
