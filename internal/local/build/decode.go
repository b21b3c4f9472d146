package build

import (
	"errors"
	"fmt"
	"log/slog"
	"reflect"
	"slices"
	"strings"

	"github.com/go-viper/mapstructure/v2"

	"github.com/cloudfurl/cloudfurl/internal/local/template"
)

// noEffect is the type of a property that changes nothing on this machine.
type noEffect any

// notPlayed is the type of a property that would matter to a request and that
// the local edge does not play: a template that has it is refused.
type notPlayed any

// leftOut is the type of a property that is served without, with a line in the
// log that says so.
type leftOut any

// decodeProperties reads the properties of a resource into the struct that
// target points to. CloudFormation takes "true" and "30" for true and 30, and so
// does this. Properties that the struct does not have, or has as notPlayed, are
// an error that names them; those that it has as leftOut are logged.
func decodeProperties(r *template.Resource, target any, log *slog.Logger) error {
	properties, err := r.Properties()
	if err != nil {
		return err
	}
	if err := decodeStrictly(properties, target); err != nil {
		return resourceError(r, "%w", err)
	}
	value := reflect.ValueOf(target).Elem()
	if refused := given[notPlayed](value, ""); len(refused) > 0 {
		return resourceError(r, "the local edge does not play %s, which would change its answers: synthesize without it for this machine, or test it on AWS", strings.Join(refused, ", "))
	}
	for _, name := range given[leftOut](value, "") {
		log.Warn(path(r)+": the local edge leaves out "+name, "cause", name+" is not played", "cure", "test it on AWS")
	}
	return nil
}

func decodeStrictly(properties map[string]any, target any) error {
	var metadata mapstructure.Metadata
	decoder, err := mapstructure.NewDecoder(&mapstructure.DecoderConfig{
		Metadata:         &metadata,
		Result:           target,
		WeaklyTypedInput: true,
		MatchName:        func(key, field string) bool { return key == field },
	})
	if err != nil {
		return err
	}
	if err := decoder.Decode(properties); err != nil {
		return errors.New(wrongTypes(err))
	}
	if len(metadata.Unused) > 0 {
		slices.Sort(metadata.Unused)
		return fmt.Errorf("the local edge does not know the property %s: correct the name, or test it on AWS if it is right", strings.Join(metadata.Unused, ", "))
	}
	return nil
}

// wrongTypes says, in one line, which properties have values that are no values
// of their types.
func wrongTypes(err error) string {
	var property *mapstructure.DecodeError
	var text *mapstructure.ParseError
	var several interface{ Unwrap() []error }
	switch {
	case errors.As(err, &several):
		var all []string
		for _, one := range several.Unwrap() {
			all = append(all, wrongTypes(one))
		}
		return strings.Join(all, "; ")
	case !errors.As(err, &property):
		return err.Error()
	case errors.As(err, &text):
		return fmt.Sprintf("%s is %#v: give a value of type %s", property.Name(), text.Value, text.Expected.Type())
	}
	return property.Name() + ": " + property.Unwrap().Error()
}

// given returns the paths of the fields of type T, below value, that the
// template gives.
func given[T any](value reflect.Value, prefix string) []string {
	var paths []string
	switch value.Kind() {
	case reflect.Pointer:
		if !value.IsNil() {
			return given[T](value.Elem(), prefix)
		}
	case reflect.Slice:
		for i := range value.Len() {
			paths = append(paths, given[T](value.Index(i), fmt.Sprintf("%s[%d]", prefix, i))...)
		}
	case reflect.Struct:
		for i := range value.NumField() {
			field, name := value.Field(i), strings.TrimPrefix(prefix+"."+value.Type().Field(i).Name, ".")
			if field.Type() == reflect.TypeFor[T]() && !field.IsNil() {
				paths = append(paths, name)
			}
			if field.Kind() != reflect.Interface {
				paths = append(paths, given[T](field, name)...)
			}
		}
	}
	return paths
}

// resourceError returns an error about a resource.
func resourceError(r *template.Resource, format string, args ...any) error {
	return fmt.Errorf("stack %s: %s %s: %w", r.Stack, r.Type, r.LogicalID, fmt.Errorf(format, args...))
}

// label returns the short name of a function for the log. A construct that is
// called just Function is better named by its parent, unless that is a stack.
func label(r *template.Resource) string {
	p := path(r)
	if outer := strings.TrimSuffix(p, "/Function"); strings.Contains(outer, "/") {
		p = outer
	}
	return p[strings.LastIndex(p, "/")+1:]
}

// path returns the construct path of a resource, or its stack and logical id.
func path(r *template.Resource) string {
	if s, ok := r.Metadata["aws:cdk:path"].(string); ok {
		return strings.TrimSuffix(s, "/Resource")
	}
	return r.Stack + "/" + r.LogicalID
}
