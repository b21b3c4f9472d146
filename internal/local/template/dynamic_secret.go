package template

import "strings"

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
	if err := d.memo.enter(); err != nil {
		return "", err
	}
	defer d.memo.leave()
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

// isCalled reports whether a secret has an ARN or a name.
func (s subject) isCalled(id string) bool {
	if arn, err := s.d.attribute(s, "Ref"); err == nil && arn == id {
		return true
	}
	name, err := s.text("Name")
	return err == nil && name != "" && name == id
}
