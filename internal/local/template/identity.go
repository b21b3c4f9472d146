package template

import (
	"crypto/sha256"
	"encoding/binary"
	"maps"
	"slices"
	"strings"
)

// A Value makes up one value of a resource that AWS would give it, usually a
// string. It runs while the deployment is locked, so it may use its Subject, but
// not the Deployment.
type Value func(Subject) (any, error)

// An Identity plays what Ref and Fn::GetAtt give for resources of one type.
type Identity struct {
	// Ref is what Ref gives. Default: an error that names the type.
	Ref Value

	// Attributes are what Fn::GetAtt gives, by attribute. Default: none.
	Attributes map[string]Value

	// Other gives the attributes that are not in Attributes, for types whose
	// attributes the template names itself. It returns nil for those that
	// the resource does not have. Default: there are none.
	Other func(s Subject, attribute string) (any, error)
}

// A Subject is a resource as an Identity sees it. Its properties are resolved
// one by one, so that a value may be made of some while others are unknown.
type Subject struct {
	d   *Deployment
	s   *stack
	id  string
	raw map[string]any
}

// LogicalID returns the resource's name in its template.
func (s Subject) LogicalID() string { return s.id }

// Type returns the resource's type.
func (s Subject) Type() string {
	text, _ := s.raw["Type"].(string)
	return text
}

// StackName returns the name of the resource's stack.
func (s Subject) StackName() string { return s.s.name }

// Account returns the id of the stack's account.
func (s Subject) Account() string { return s.s.account }

// Region returns the stack's region.
func (s Subject) Region() string { return s.s.region }

// Partition returns the partition of the stack's region, such as aws.
func (s Subject) Partition() string { return partitionOf(s.s.region).name }

// DomainSuffix returns the domain of AWS in the stack's region, such as
// amazonaws.com.
func (s Subject) DomainSuffix() string { return partitionOf(s.s.region).suffix }

// Property returns one property, resolved, or nil if the resource does not have
// it.
func (s Subject) Property(name string) (any, error) {
	properties, err := s.rawProperties()
	if err != nil {
		return nil, err
	}
	if _, ok := properties[name]; !ok {
		return nil, nil
	}
	value, err := s.property(name)
	if err != nil {
		return nil, err
	}
	if _, drop := value.(noValue); drop {
		return nil, nil
	}
	return value, nil
}

// Text returns one property as a string, or "" if the resource does not have it.
// Numbers and booleans are converted, anything else is an error.
func (s Subject) Text(name string) (string, error) {
	value, err := s.Property(name)
	if err != nil || value == nil {
		return "", err
	}
	text, ok := scalar(value)
	if !ok {
		return "", inElement(inField(inField(fail("is %s, not a string", typeName(value)), name), "Properties"), s.s.id, kindResource, s.id)
	}
	return text, nil
}

// Name returns the property of the given name or, without it, a name as
// CloudFormation generates it, of at most limit characters.
func (s Subject) Name(property string, limit int) (string, error) {
	name, err := s.Text(property)
	if err != nil || name != "" {
		return name, err
	}
	return generatedName(s.s, s.id, limit), nil
}

// ARN returns the resource's ARN in its stack's partition. Of region and
// account, give Region() and Account(), or "" where the service has none.
func (s Subject) ARN(service, region, account, resource string) string {
	return "arn:" + s.Partition() + ":" + service + ":" + region + ":" + account + ":" + resource
}

// Token returns n characters of alphabet, always the same for the same stack,
// region, logical id and purpose, and different for any other.
func (s Subject) Token(purpose, alphabet string, n int) string {
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
func (s Subject) uuid(purpose string) string {
	hex := []byte(s.Token(purpose, lowerHex, 32))
	hex[12], hex[16] = '4', "89ab"[hex[16]%4]
	return strings.Join([]string{string(hex[:8]), string(hex[8:12]), string(hex[12:16]), string(hex[16:20]), string(hex[20:])}, "-")
}

// attribute returns what Fn::GetAtt, or for "Ref" Ref, gives for a resource.
func (d *Deployment) attribute(s Subject, name string) (any, error) {
	if err := d.memo.enter(); err != nil {
		return nil, err
	}
	defer d.memo.leave()
	if value, given := d.values[s.id+"."+name]; given {
		return value, nil
	}
	identity, ok := d.identities[s.Type()]
	if !ok && isCustom(s.Type()) {
		identity, ok = d.identities[typeCustomResource]
	}
	if !ok {
		return nil, fail("%s is of type %s, and what AWS gives for its %s is not known here", s.id, s.Type(), name).
			cure("give it with --value %s.%s=VALUE", s.id, name)
	}
	if name == "Ref" {
		if identity.Ref == nil {
			return nil, fail("what Ref gives for %s, a %s, is not known here", s.id, s.Type())
		}
		return identity.Ref(s)
	}
	if value, ok := identity.Attributes[name]; ok {
		return value(s)
	}
	if identity.Other != nil {
		if value, err := identity.Other(s, name); err != nil || value != nil {
			return value, err
		}
	}
	return nil, fail("%s, of type %s, has no attribute %q that is known here; give it with --value %s.%s=VALUE", s.id, s.Type(), name, s.id, name).
		known(slices.Collect(maps.Keys(identity.Attributes)))
}

// isCustom reports whether a type is that of a custom resource under a name of
// its own.
//
// See: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudformation-customresource.html
func isCustom(resourceType string) bool { return strings.HasPrefix(resourceType, "Custom::") }
