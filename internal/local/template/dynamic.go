package template

import "strings"

// Dynamic references are between these two in a string.
//
// See: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references.html
const (
	referenceStart = "{{resolve:"
	referenceEnd   = "}}"
)

const serviceSSM = "ssm"

// replaceReferences replaces the dynamic references in what a function gives,
// or in a plain string, unless it is the argument of a function.
func (r resolver) replaceReferences(value any) (any, error) {
	if r.inFunction {
		return value, nil
	}
	switch value := value.(type) {
	case string:
		if strings.Contains(value, referenceStart) {
			return r.references(value)
		}
	case []any:
		for i, item := range value {
			text, ok := item.(string)
			if !ok || !strings.Contains(text, referenceStart) {
				continue
			}
			replaced := make([]any, len(value))
			copy(replaced, value)
			for j := i; j < len(value); j++ {
				var err error
				if replaced[j], err = r.replaceReferences(value[j]); err != nil {
					return nil, inIndex(err, j)
				}
			}
			return replaced, nil
		}
	}
	return value, nil
}

// references replaces every dynamic reference of text. The values aren't
// searched for references.
func (r resolver) references(text string) (any, error) {
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(text, referenceStart)
		b.WriteString(before)
		if !found {
			return b.String(), nil
		}
		reference, after, closed := strings.Cut(rest, referenceEnd)
		if !closed {
			return nil, fail("has a dynamic reference without %s: %s%.40s", referenceEnd, referenceStart, rest)
		}
		value, err := r.reference(reference)
		if err != nil {
			return nil, err
		}
		b.WriteString(value)
		if b.Len() > maxText {
			return nil, tooLong()
		}
		text = after
	}
}

// reference returns the value of one dynamic reference, written service:key.
func (r resolver) reference(reference string) (string, error) {
	if value, ok := r.d.values[reference]; ok {
		return value, nil
	}
	service, key, _ := strings.Cut(reference, ":")
	if service == serviceSecretsManager {
		if value, err := r.d.generatedSecret(r.s, key); err != nil || value != "" {
			return value, err
		}
	}
	if service != serviceSSM {
		return "", foreign("give it with --value "+reference+"=VALUE",
			"refers to %s%s%s, which isn't in the assembly", referenceStart, reference, referenceEnd)
	}
	// A version may follow. Every parameter of the assembly has one value,
	// the one that a deployment would write.
	name, _, _ := strings.Cut(key, ":")
	return r.d.ssmParameter(r.s, r.s.region, name)
}

// ssmParameter returns the value of the SSM parameter that any stack in the
// account of s defines in a region, as a resource or by a custom resource of the
// CDK that writes parameters.
func (d *Deployment) ssmParameter(s *stack, region, name string) (string, error) {
	if value, ok := d.values[serviceSSM+":"+name]; ok {
		return value, nil
	}
	if err := d.memo.enter(); err != nil {
		return "", err
	}
	defer d.memo.leave()
	var names []string
	for _, candidate := range d.stacks {
		if !sameAccount(candidate, s) {
			continue
		}
		for _, id := range candidate.resourceIDs {
			subject, ok := d.parameterWriter(candidate, id)
			if !ok {
				continue
			}
			value, written, err := subject.writtenParameter(region, name)
			if err != nil {
				return "", err
			}
			if value != nil {
				return *value, nil
			}
			names = append(names, written...)
		}
	}
	hint := "give it with --value ssm:" + name + "=VALUE"
	if len(names) > 0 {
		hint = useKnown(names) + ", or " + hint
	}
	return "", foreign(hint, "no stack defines the SSM parameter %q in region %s", name, region)
}

// parameterWriter returns a resource that writes SSM parameters, if it exists.
func (d *Deployment) parameterWriter(s *stack, id string) (subject, bool) {
	raw, _ := s.resources[id].(map[string]any)
	if raw["Type"] != typeSSMParameter && raw["Type"] != typeExportWriter {
		return subject{}, false
	}
	exists, err := d.resourceExists(s, id)
	return subject{d: d, s: s, id: id, raw: raw}, err == nil && exists
}

// writtenParameter returns the value of a parameter if the resource writes it
// in a region, else the names that it writes there. A resource whose names or
// region can't be resolved writes nothing that is known.
func (s subject) writtenParameter(region, name string) (value *string, names []string, err error) {
	if s.resourceType() == typeSSMParameter {
		if s.s.region != region {
			return nil, nil, nil
		}
		written, err := s.name("Name", maxParameterName)
		if err != nil {
			return nil, nil, nil
		}
		if written != name {
			return nil, []string{written}, nil
		}
		text, err := s.text("Value")
		return &text, nil, err
	}
	target, err := s.property("WriterProps", "region")
	if err != nil || target != region {
		return nil, nil, nil
	}
	properties, _ := s.raw["Properties"].(map[string]any)
	props, _ := properties["WriterProps"].(map[string]any)
	exports, _ := props["exports"].(map[string]any)
	if _, ok := exports[name]; !ok {
		return nil, keys(exports), nil
	}
	text, err := s.text("WriterProps", "exports", name)
	return &text, nil, err
}
