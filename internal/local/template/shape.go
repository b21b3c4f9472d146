package template

import (
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"

	"github.com/cloudfurl/cloudfurl/internal/fault"
)

// A shaper resolves the properties that a struct has fields for, and collects
// the names of those that it has none for.
type shaper struct {
	resolver
	place                         string
	leftOut, unknown, unsupported []string
	madeUp                        []error
}

// unsupports is the error of the unsupported properties from the given one on.
func (s *shaper) unsupports(first int) error {
	properties := s.unsupported[first:]
	return fault.At(s.place, fault.In(properties[0], foreign("synthesize without it for this machine, or test it on AWS", "%v%s", ErrUnsupported, more(properties))))
}

// value resolves raw for a field of a type.
func (s *shaper) value(raw any, as reflect.Type, path string) (any, error) {
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
	if as != reflect.TypeFor[any]() && reflect.TypeFor[Lazy]().AssignableTo(as) {
		return s.lazy(raw, path), nil
	}
	switch items := raw.(type) {
	case map[string]any:
		_, call, err := intrinsic(items)
		switch {
		case call || err != nil:
		case as == reflect.TypeFor[Texts]():
			return s.texts(items, path)
		case as.Kind() == reflect.Struct:
			return s.fields(items, as, path)
		case as.Kind() == reflect.Slice:
			return s.items([]any{items}, as.Elem(), path)
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

func (s *shaper) lazy(raw any, path string) Lazy {
	d, r, place := s.d, s.resolver, s.place
	return Lazy{func() (any, error) {
		d.mu.Lock()
		defer d.mu.Unlock()
		value, err := r.data(raw)
		if err != nil {
			return nil, locate(place, path, err)
		}
		if _, drop := value.(noValue); drop {
			return nil, nil
		}
		return value, nil
	}}
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
	case reflect.TypeFor[Unsupported]():
		if given {
			s.unsupported = append(s.unsupported, path)
		}
		return true, given
	case reflect.TypeFor[LeftOut]():
		if given {
			s.leftOut = append(s.leftOut, path)
		}
		return true, given
	}
	return false, nil
}

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

// maxMadeUp is the length of made-up values, in characters. Most services' names may
// have it.
const maxMadeUp = 63

// texts resolves values one by one, and makes up those that aren't known here.
func (s *shaper) texts(raw map[string]any, path string) (any, error) {
	resolved := make(map[string]any, len(raw))
	for _, name := range keys(raw) {
		value, err := s.data(raw[name])
		if err != nil {
			err = locate(s.place, step(path, name), err)
		}
		switch _, drop := value.(noValue); {
		case errors.Is(err, ErrUnsupported):
			s.madeUp = append(s.madeUp, err)
			resolved[name] = generatedName(s.s, name, maxMadeUp)
		case err != nil:
			return nil, err
		case !drop:
			resolved[name] = value
		}
	}
	return resolved, nil
}

// fields resolves the fields of a struct. What isn't supported becomes the value of its
// field of type Unknown, if it has one.
func (s *shaper) fields(raw map[string]any, as reflect.Type, path string) (any, error) {
	resolved := make(map[string]any, len(raw))
	var first error
	supported := len(s.unsupported)
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
	field, _ := as.FieldByName("Unknown")
	switch {
	case field.Type != reflect.TypeFor[Unknown]():
	case len(s.unsupported) > supported:
		resolved["Unknown"] = Unknown{s.unsupports(supported)}
		s.unsupported = s.unsupported[:supported]
	case errors.Is(first, ErrUnsupported):
		resolved["Unknown"], first = Unknown{first}, nil
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
