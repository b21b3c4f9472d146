package template

import (
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/go-viper/mapstructure/v2"

	"github.com/cloudfurl/cloudfurl/internal/fault"
)

// Types of properties that a template may have without their value being
// supported. They are true where the template has the property. The value is
// never resolved, so it may refer to anything.
type (
	// NoEffect is a property that changes nothing on this machine.
	NoEffect bool

	// LeftOut is a property that requests are served without; the log says so.
	LeftOut bool

	// Unsupported is a property that would change responses. A resource that
	// has it is rejected, with an error in whose chain is ErrUnsupported.
	Unsupported bool
)

// ErrUnsupported says that a resource is valid on AWS, but can't be served
// locally.
var ErrUnsupported = errors.New("isn't supported locally")

// Decode resolves the properties of a resource into the struct that target points
// to, whose fields have the names of the properties. Like CloudFormation, it
// takes "true" and "30" for true and 30, and one value for a list of it. A property
// that the struct doesn't have is an error.
func (r *Resource) Decode(target any, log *slog.Logger) error {
	r.subject.d.mu.Lock()
	defer r.subject.d.mu.Unlock()
	raw, err := r.subject.rawProperties()
	if err != nil {
		return err
	}
	s := shaper{resolver: resolver{d: r.subject.d, s: r.subject.s}, place: r.Path}
	value, err := s.value(raw, reflect.TypeOf(target).Elem(), "")
	switch {
	case len(s.unsupported) > 0:
		err = fault.In(s.unsupported[0], &fault.Error{
			Problem: ErrUnsupported.Error() + more(s.unsupported),
			Cure:    "synthesize without it for this machine, or test it on AWS",
			Err:     ErrUnsupported,
		})
	case err != nil:
	case len(s.unknown) > 0:
		err = fault.In(s.unknown[0], fault.New("correct the name, or test it on AWS if it is right",
			"isn't a known property of %s%s", r.Type, more(s.unknown)))
	default:
		err = decode(value, target)
	}
	if err != nil {
		return fault.At(r.Path, err)
	}
	for _, property := range s.leftOut {
		fault.Log(log, slog.LevelWarn, r.Path+" is served without "+property, property+" isn't supported locally", "test it on AWS")
	}
	return nil
}

// more names the properties behind the first one.
func more(names []string) string {
	switch {
	case len(names) < 2:
		return ""
	case len(names) > 4:
		return fmt.Sprintf(" (and %d more: %s, …)", len(names)-1, strings.Join(names[1:4], ", "))
	}
	return " (and " + strings.Join(names[1:], ", ") + ")"
}

// A shaper resolves the properties that a struct has a use for, and collects
// those that it hasn't.
type shaper struct {
	resolver
	place                         string
	unsupported, leftOut, unknown []string
}

// value resolves raw for a field of a type. It returns the first error, and goes
// on to see what is unsupported.
func (s *shaper) value(raw any, as reflect.Type, path string) (any, error) {
	if err := s.d.memo.enter(); err != nil {
		return nil, locate(s.place, path, err)
	}
	defer s.d.memo.leave()
	raw, path, err := s.branch(raw, path)
	if as.Kind() == reflect.Pointer {
		as = as.Elem()
	}
	if ignored, value := s.ignore(raw, err, as, path); ignored {
		return value, nil
	}
	if err != nil {
		return nil, err
	}
	switch items := raw.(type) {
	case map[string]any:
		if _, call, err := intrinsic(items); !call && err == nil && as.Kind() == reflect.Struct {
			return s.fields(items, as, path)
		}
	case []any:
		if as.Kind() == reflect.Slice {
			return s.items(items, as.Elem(), path)
		}
	}
	value, err := s.data(raw)
	if err != nil {
		return nil, locate(s.place, path, err)
	}
	return value, nil
}

// branch follows Fn::If to the branch that holds.
func (s *shaper) branch(raw any, path string) (any, string, error) {
	for {
		object, _ := raw.(map[string]any)
		name, call, _ := intrinsic(object)
		if !call || name != "Fn::If" {
			return raw, path, nil
		}
		path = step(path, name)
		branch, i, err := s.ifBranch(object[name])
		if err != nil {
			return raw, path, locate(s.place, path, err)
		}
		raw, path = branch, fmt.Sprintf("%s[%d]", path, i)
	}
}

// ignore reports whether the values of a type are ignored, and returns whether
// the template has one. A value under a condition that can't be resolved counts
// as one.
func (s *shaper) ignore(raw any, err error, as reflect.Type, path string) (bool, any) {
	given := err != nil || !absent(raw)
	switch as {
	case reflect.TypeFor[NoEffect]():
		return true, given
	case reflect.TypeFor[LeftOut]():
		if given {
			s.leftOut = append(s.leftOut, path)
		}
		return true, given
	case reflect.TypeFor[Unsupported]():
		if given {
			s.unsupported = append(s.unsupported, path)
		}
		return true, given
	}
	return false, nil
}

// absent reports whether a raw value is as good as none.
func absent(raw any) bool {
	switch raw := raw.(type) {
	case nil:
		return true
	case []any:
		return len(raw) == 0
	case map[string]any:
		return len(raw) == 0 || len(raw) == 1 && raw["Ref"] == "AWS::NoValue"
	}
	return false
}

func (s *shaper) fields(raw map[string]any, as reflect.Type, path string) (any, error) {
	resolved := make(map[string]any, len(raw))
	var first error
	for _, name := range slices.Sorted(maps.Keys(raw)) {
		field, known := as.FieldByName(name)
		if !known {
			s.unknown = append(s.unknown, step(path, name))
			continue
		}
		value, err := s.value(raw[name], field.Type, step(path, name))
		if err != nil && first == nil {
			first = err
		}
		if _, drop := value.(noValue); !drop {
			resolved[name] = value
		}
	}
	return resolved, first
}

func (s *shaper) items(raw []any, as reflect.Type, path string) (any, error) {
	resolved := make([]any, 0, len(raw))
	var first error
	for i, item := range raw {
		value, err := s.value(item, as, fmt.Sprintf("%s[%d]", path, i))
		if err != nil && first == nil {
			first = err
		}
		if _, drop := value.(noValue); !drop {
			resolved = append(resolved, value)
		}
	}
	return resolved, first
}

func step(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

// decode reads resolved properties into the struct that target points to.
func decode(properties, target any) error {
	decoder, err := mapstructure.NewDecoder(&mapstructure.DecoderConfig{
		Result:           target,
		WeaklyTypedInput: true,
		MatchName:        func(key, field string) bool { return key == field },
	})
	if err != nil {
		return err
	}
	err = decoder.Decode(properties)
	if err == nil {
		return nil
	}
	wrong := wrongTypes(err)
	slices.SortStableFunc(wrong, func(a, b *fault.Error) int { return strings.Compare(a.Property, b.Property) })
	names := make([]string, len(wrong))
	for i, one := range wrong {
		names[i] = one.Property
	}
	wrong[0].Problem += more(names)
	return wrong[0]
}

// wrongTypes returns an error for each property whose value has the wrong type.
func wrongTypes(err error) []*fault.Error {
	var property *mapstructure.DecodeError
	var several interface{ Unwrap() []error }
	switch {
	case errors.As(err, &several):
		var all []*fault.Error
		for _, one := range several.Unwrap() {
			all = append(all, wrongTypes(one)...)
		}
		return all
	case !errors.As(err, &property):
		return []*fault.Error{fault.New("", "%w", err)}
	}
	value, kind := any(nil), reflect.Struct
	var text *mapstructure.ParseError
	var other *mapstructure.UnconvertibleTypeError
	switch {
	case errors.As(err, &text):
		value, kind = text.Value, text.Expected.Kind()
	case errors.As(err, &other):
		value, kind = other.Value, other.Expected.Kind()
	}
	wanted := kindName(kind)
	wrong := fault.New("give "+wanted, "isn't %s", wanted)
	if shown, ok := scalar(value); ok {
		wrong.Problem = fmt.Sprintf("is %.80q, not %s", shown, wanted)
	}
	wrong.Property = property.Name()
	return []*fault.Error{wrong}
}

// kindName says in the words of templates what a field takes.
func kindName(kind reflect.Kind) string {
	switch kind {
	case reflect.Bool:
		return "true or false"
	case reflect.Int:
		return "a whole number"
	case reflect.Float64:
		return "a number"
	case reflect.String:
		return "a string"
	case reflect.Slice:
		return "a list"
	}
	return "an object"
}
