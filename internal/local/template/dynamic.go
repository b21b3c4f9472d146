package template

import (
	"regexp"
	"strings"
)

// dynamicReference is what follows the start of a dynamic reference, up to its end or that
// of the text. Values of references aren't searched for others.
//
// See: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references.html
var dynamicReference = regexp.MustCompile(`(?s)\{\{resolve:(.*?\}\}|.*)`)

const serviceSSM = "ssm"

// replaceReferences replaces the dynamic references in what a function gives,
// or in a plain string, unless it is the argument of a function.
func (r resolver) replaceReferences(value any) (any, error) {
	if r.inFunction {
		return value, nil
	}
	switch value := value.(type) {
	case string:
		return replace(dynamicReference, value, r.reference)
	case []any:
		replaced := make([]any, len(value))
		for i, item := range value {
			var err error
			if replaced[i], err = r.replaceReferences(item); err != nil {
				return nil, inIndex(err, i)
			}
		}
		return replaced, nil
	}
	return value, nil
}

// reference returns the value of one dynamic reference, written service:key}}.
func (r resolver) reference(text string) (string, error) {
	reference, closed := strings.CutSuffix(text, "}}")
	if !closed {
		return "", fail("has a dynamic reference without }}: {{resolve:%.40s", text)
	}
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
		return "", foreign("set it with --value "+reference+"=VALUE",
			"refers to {{resolve:%s}}, which isn't in the assembly", reference)
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
	var names []string
	for _, candidate := range d.stacks {
		if !sameAccount(candidate, s) {
			continue
		}
		for subject := range d.existing(candidate, typeSSMParameter, typeExportWriter) {
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
	hint := "set it with --value ssm:" + name + "=VALUE"
	if len(names) > 0 {
		hint = useKnown(names) + ", or " + hint
	}
	return "", foreign(hint, "no stack defines the SSM parameter %q in region %s", name, region)
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

const (
	serviceSecretsManager = "secretsmanager"

	generatedLength = 24
)

// GeneratedPrefix begins the values of generated secrets, which are the same on every
// machine.
const GeneratedPrefix = "local-cloudfurl-"

// generatedSecret returns the value of a secret of the assembly that Secrets Manager
// would generate, by the key of a dynamic reference. It returns "" for secrets that
// aren't generated, and for those with fields, whose values no template has.
//
// See: https://docs.aws.amazon.com/secretsmanager/latest/userguide/cfn-example_reference-secret.html
func (d *Deployment) generatedSecret(s *stack, key string) (string, error) {
	id, rest, _ := strings.Cut(key, ":SecretString")
	if strings.Trim(rest, ":") != "" {
		return "", nil
	}
	for _, candidate := range d.stacks {
		if !sameAccount(candidate, s) || candidate.region != s.region {
			continue
		}
		for secret := range d.existing(candidate, typeSecret) {
			if !secret.isCalled(id) {
				continue
			}
			generated, _ := secret.property("GenerateSecretString")
			if options, ok := generated.(map[string]any); ok && options["GenerateStringKey"] == nil {
				return GeneratedPrefix + secret.token("secret", lowerAlnum, generatedLength), nil
			}
		}
	}
	return "", nil
}

func (s subject) isCalled(id string) bool {
	if arn, err := s.d.attribute(s, "Ref"); err == nil && arn == id {
		return true
	}
	name, err := s.text("Name")
	return err == nil && name != "" && name == id
}
