package template

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"
)

// A subject is a resource in its stack. Its properties are resolved one by one,
// so that some may be used while others are unknown.
type subject struct {
	d   *Deployment
	s   *stack
	id  string
	raw map[string]any
}

func (s subject) resourceType() string {
	text, _ := s.raw["Type"].(string)
	return text
}

func (s subject) partition() partition { return partitionOf(s.s.region) }

// property returns one property, or one entry of a property that is an object,
// resolved without the others, or nil if the property doesn't exist.
func (s subject) property(path ...string) (any, error) {
	properties, err := s.rawProperties()
	if err != nil {
		return nil, err
	}
	var raw any = properties
	for _, name := range path {
		object, _ := raw.(map[string]any)
		value, ok := object[name]
		if !ok {
			return nil, nil
		}
		raw = value
	}
	value, err := s.d.memo.once(s.element(strings.Join(path, pathSeparator)), func() (any, error) {
		return resolver{d: s.d, s: s.s}.data(raw)
	})
	if _, drop := value.(noValue); drop {
		return nil, err
	}
	return value, err
}

// text returns one property as a string, or "" if the resource doesn't have it.
// Numbers and booleans are converted, anything else is an error.
func (s subject) text(path ...string) (string, error) {
	value, err := s.property(path...)
	if err != nil || value == nil {
		return "", err
	}
	text, ok := scalar(value)
	if !ok {
		return "", s.element(strings.Join(path, pathSeparator)).locate(fail("is %s, not a string", typeName(value)))
	}
	return text, nil
}

// name returns the property of the given name or, without it, a name as
// CloudFormation generates it, of at most limit characters.
func (s subject) name(property string, limit int) (string, error) {
	name, err := s.text(property)
	if err != nil || name != "" {
		return name, err
	}
	return generatedName(s.s, s.id, limit), nil
}

// arn returns the resource's ARN in its stack's partition. Region and account
// are "" where the service has none.
func (s subject) arn(service, region, account, resource string) string {
	return "arn:" + s.partition().name + ":" + service + ":" + region + ":" + account + ":" + resource
}

// token returns n characters of alphabet, always the same for the same stack,
// region, logical id and purpose, and different for any other.
func (s subject) token(purpose, alphabet string, n int) string {
	return token(s.s, s.id, purpose, alphabet, n)
}

// Alphabets of tokens.
const (
	digits     = "0123456789"
	lowerHex   = digits + "abcdef"
	lowerAlnum = digits + "abcdefghijklmnopqrstuvwxyz"
	upperAlnum = digits + "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
)

func token(s *stack, id, purpose, alphabet string, n int) string {
	seed := sha256.Sum256([]byte(strings.Join([]string{s.name, s.region, id, purpose}, "\x00")))
	text := make([]byte, n)
	var block [sha256.Size]byte
	for i := range text {
		if i%sha256.Size == 0 {
			binary.BigEndian.PutUint64(seed[:8], binary.BigEndian.Uint64(seed[:8])+uint64(i)+1)
			block = sha256.Sum256(seed[:])
		}
		text[i] = alphabet[int(block[i%sha256.Size])%len(alphabet)]
	}
	return string(text)
}

// suffixLength is how many characters CloudFormation appends to the names that
// it generates.
//
// Seen: mystack-testgroup-12ABC1AB12A1 in the documentation of
// AWS::Logs::LogGroup; that of AWS::SQS::Queue shows 13.
const suffixLength = 12

// generatedName returns a name as CloudFormation makes it for a resource that
// has none: stack, logical id and random characters.
//
// Inferred: how the first two are cut to fit the limit.
func generatedName(s *stack, id string, limit int) string {
	prefix := s.name + "-" + id
	if room := limit - suffixLength - 1; len(prefix) > room {
		prefix = prefix[:room]
	}
	return prefix + "-" + token(s, id, "name", upperAlnum, suffixLength)
}

// uuid returns a token in the form of a random UUID (version 4).
func (s subject) uuid(purpose string) string {
	hex := []byte(s.token(purpose, lowerHex, 32))
	hex[12], hex[16] = '4', "89ab"[hex[16]%4]
	return strings.Join([]string{string(hex[:8]), string(hex[8:12]), string(hex[12:16]), string(hex[16:20]), string(hex[20:])}, "-")
}

// attribute returns what Fn::GetAtt, or for "Ref" Ref, gives for a resource.
func (d *Deployment) attribute(s subject, name string) (any, error) {
	if value, given := d.values[s.id+"."+name]; given {
		return value, nil
	}
	if value, deployed := s.s.Identities[s.id][name]; deployed {
		return value, nil
	}
	attributes, ok := identities[s.resourceType()]
	if !ok && isCustom(s.resourceType()) {
		attributes, ok = identities[typeCustomResource]
	}
	give := fmt.Sprintf("set it with --value %s.%s=VALUE", s.id, name)
	if !ok {
		return nil, foreign(give, "needs %s of %s, of the unsupported type %s", name, s.id, s.resourceType())
	}
	if value, ok := attributes[name]; ok {
		return replace(placeholder, value, s.placeholder)
	}
	if value, err := s.otherAttribute(name); err != nil || value != nil {
		return value, err
	}
	if len(attributes) > 1 {
		names := slices.DeleteFunc(keys(attributes), func(name string) bool { return name == "Ref" })
		give = useKnown(names) + ", or " + give
	}
	return nil, foreign(give, "unknown attribute %q of %s, of type %s", name, s.id, s.resourceType())
}

// isCustom reports whether a type is a name that an app gave a custom resource.
//
// See: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudformation-customresource.html
func isCustom(resourceType string) bool { return strings.HasPrefix(resourceType, "Custom::") }
