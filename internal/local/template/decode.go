package template

import (
	"errors"
	"fmt"
	"log/slog"
	"reflect"
	"slices"
	"strings"

	"github.com/go-viper/mapstructure/v2"

	"github.com/cloudfurl/cloudfurl/internal/fault"
	"github.com/cloudfurl/cloudfurl/internal/local/assembly"
)

// Types of properties that a template may have without their value being
// supported. They are true where the template has the property. The value is
// never resolved, so it may refer to anything.
type (
	// NoEffect is a property that changes nothing on this machine.
	NoEffect bool

	// LeftOut is a property that requests are served without; the log says so.
	LeftOut bool

	// Unsupported is a property that would change responses. Decode rejects a
	// resource that has it, with an error in whose chain is ErrUnsupported, or sets
	// Unknown of the part that has it.
	Unsupported bool
)

// Texts are strings by name, such as variables. One that refers to what isn't known here
// has a made-up value, and the log says so.
type Texts map[string]string

// Unknown is why a struct isn't supported: it has properties that are Unsupported, or
// refer to what isn't known here. Without a field of this type and name, what is around
// the struct isn't supported.
type Unknown struct{ Err error }

// Lazy is a property that is resolved when it is asked for. If it can't be, the
// error comes only then. The field may have its type or an interface that it
// implements.
type Lazy struct {
	resolve func() (any, error)
}

// Value returns the property, or nil if the resource doesn't have it.
func (l Lazy) Value() (any, error) {
	if l.resolve == nil {
		return nil, nil
	}
	return l.resolve()
}

// ErrUnsupported is in the chain of errors about what may work on AWS, but can't be
// served locally: unsupported properties, what other apps define, and what only a
// deployment is told.
var ErrUnsupported = assembly.ErrUnsupported

// foreign returns an error about what isn't known here.
func foreign(hint, format string, args ...any) *fault.Error {
	return &fault.Error{Problem: fmt.Sprintf(format, args...), Hint: hint, Err: ErrUnsupported}
}

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
	mistyped := decode(value, target)
	switch {
	case len(s.unsupported) > 0:
		err = s.unsupports(0)
	case err != nil:
	case len(s.unknown) > 0:
		err = fault.In(s.unknown[0], fault.New("correct the name, or test it on AWS if it is right",
			"isn't a known property of %s%s", r.Type, more(s.unknown)))
	default:
		err = mistyped
	}
	if err != nil {
		return fault.At(r.Path, err)
	}
	if len(s.madeUp) > 0 {
		names := make([]string, len(s.madeUp))
		for i, unknown := range s.madeUp {
			names[i] = unknown.Error()
		}
		fault.Log(log, slog.LevelWarn, r.Path+" gets made-up values", names[0]+more(names), fault.HintOf(s.madeUp[0]))
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
	wrong := fault.New("use "+wanted, "isn't %s", wanted)
	if shown, ok := scalar(value); ok {
		wrong.Problem = fmt.Sprintf("is %.80q, not %s", shown, wanted)
	} else if value != nil {
		wrong.Problem = fmt.Sprintf("is %s, not %s", typeName(value), wanted)
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
