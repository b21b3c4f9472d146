package template

import (
	"maps"
	"slices"
)

// identities returns the identities by resource type. A further type is one more
// entry in the file of its service.
//
// Names and forms of attributes are documented per type.
// See: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-template-resource-type-ref.html
func identities() map[string]identity {
	table := make(map[string]identity)
	for _, service := range []map[string]identity{
		lambdaIdentities, cloudfrontIdentities, storageIdentities, accessIdentities, messagingIdentities, apiGatewayIdentities, customIdentities,
	} {
		maps.Copy(table, service)
	}
	return table
}

// refAs gives one value for Ref and an attribute.
func refAs(attribute string, value valueFunc) identity {
	return identity{ref: value, attributes: map[string]valueFunc{attribute: value}}
}

// randomID makes up a random identifier: n characters of alphabet behind a prefix.
func randomID(prefix, alphabet string, n int) valueFunc {
	return func(s subject) (any, error) { return prefix + s.token("id", alphabet, n), nil }
}

// uuid makes up an identifier that is a UUID.
func uuid(s subject) (any, error) { return s.uuid("id"), nil }

// text gives a property.
func text(property string) valueFunc {
	return func(s subject) (any, error) { return s.text(property) }
}

// name gives a property or, without it, a generated name of at most limit
// characters.
func name(property string, limit int) valueFunc {
	return func(s subject) (any, error) { return s.name(property, limit) }
}

// constant gives the same value for every resource.
func constant(value string) valueFunc {
	return func(subject) (any, error) { return value, nil }
}

// arn gives an ARN in the stack's region and account, whose resource is prefix
// and the value.
func arn(service, prefix string, value valueFunc) valueFunc {
	return func(s subject) (any, error) { return arnOf(s, service, s.s.region, prefix, value) }
}

// globalARN gives an ARN without region.
func globalARN(service, prefix string, value valueFunc) valueFunc {
	return func(s subject) (any, error) { return arnOf(s, service, "", prefix, value) }
}

func arnOf(s subject, service, region, prefix string, value valueFunc) (any, error) {
	resource, err := value(s)
	if err != nil {
		return nil, err
	}
	text, _ := scalar(resource)
	return s.arn(service, region, s.s.account, prefix+text), nil
}

// siblings returns the resources of the same type in the same stack that give
// the same value for a property, s among them, by logical id. Those whose
// property can't be resolved are left out.
func (s subject) siblings(property string) ([]string, error) {
	own, err := s.text(property)
	if err != nil {
		return nil, err
	}
	var found []string
	for _, id := range s.s.resourceIDs {
		raw, _ := s.s.resources[id].(map[string]any)
		if raw["Type"] != s.resourceType() {
			continue
		}
		other := subject{d: s.d, s: s.s, id: id, raw: raw}
		if exists, err := s.d.resourceExists(s.s, id); err != nil || !exists {
			continue
		}
		if value, err := other.text(property); err == nil && value == own {
			found = append(found, id)
		}
	}
	slices.Sort(found)
	return found, nil
}
