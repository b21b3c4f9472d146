package infra

import (
	"cmp"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/constructs-go/constructs/v10"
)

// within checks what every construct of this package needs: a stack to be in, an
// id, and props without nil elements. It panics with an *Error if one is missing.
// Constructors defer what it returns, which reports CDK's errors as those of the
// construct:
//
//	defer within(scope, id, props)()
func within(scope constructs.Construct, id *string, props any) func() {
	report := withinApp(scope, id, props)
	checkStack(scope, id)
	return report
}

// withinApp is within for constructs that needn't be in a stack.
func withinApp(scope constructs.Construct, id *string, props any) func() {
	switch {
	case isNil(scope):
		panic(&Error{Path: cmp.Or(text(id), "construct"), Reason: "got no scope: give the stack to define it in"})
	case id == nil || *id == "":
		fail(scope, nil, `got a construct without an id: give one, such as jsii.String("Api")`)
	}
	checkProps(scope, id, "", reflect.ValueOf(props))
	return reporting(scope, id)
}

// about is within for functions whose errors are about a construct that they get as
// a parameter.
func about(construct constructs.IConstruct, function, parameter string, props any) func() {
	checkGiven(construct, function, parameter)
	checkStack(construct, nil)
	checkProps(construct, nil, "", reflect.ValueOf(props))
	return reporting(construct, nil)
}

// checkGiven panics with an *Error about a function unless it got a construct.
func checkGiven(construct constructs.IConstruct, function, parameter string) {
	if isNil(construct) {
		panic(&Error{Path: function, Reason: "got no " + parameter + ": define it before, and pass it"})
	}
}

// checkStack panics with an *Error about the construct id in scope unless scope is
// a stack or in one.
func checkStack(scope constructs.IConstruct, id *string) {
	isStack := func(scope constructs.IConstruct) bool {
		_, ok := scope.(awscdk.Stack)
		return ok
	}
	if !slices.ContainsFunc(*scope.Node().Scopes(), isStack) {
		fail(scope, id, "got a scope outside of stacks: give an awscdk.Stack, or a construct in one")
	}
}

// isNil reports whether value is nil, or an interface around a nil pointer.
func isNil(value any) bool {
	v := reflect.ValueOf(value)
	return !v.IsValid() || v.Kind() == reflect.Pointer && v.IsNil()
}

var constructType = reflect.TypeFor[constructs.IConstruct]()

// checkProps panics with an *Error about the construct id in scope if a list or a
// map of props has a nil element, if a string of this package's props is empty,
// or if an enum of awscdk isn't one of its constants: the CDK leaves such values
// out, or reports them in words of TypeScript. name is that of the value in the
// props.
func checkProps(scope constructs.IConstruct, id *string, name string, value reflect.Value) {
	switch value.Kind() {
	case reflect.Pointer:
		if !value.IsNil() && !value.Type().Implements(constructType) {
			checkProps(scope, id, name, value.Elem())
		}
	case reflect.Struct:
		checkFields(scope, id, name, value)
	case reflect.Slice:
		for i := range value.Len() {
			checkElement(scope, id, name, value.Index(i))
		}
	case reflect.Map:
		for _, key := range value.MapKeys() {
			checkElement(scope, id, name+"."+key.String(), value.MapIndex(key))
		}
	case reflect.String:
		if given := value.String(); isEnum(value.Type()) && given != "" && !constantName.MatchString(given) {
			fail(scope, id, "got %s %q: use one of the constants %s_*", name, given, value.Type())
		}
	}
}

func checkFields(scope constructs.IConstruct, id *string, name string, props reflect.Value) {
	for i := range props.NumField() {
		field, value := props.Type().Field(i), props.Field(i)
		path := strings.TrimPrefix(name+"."+field.Name, ".")
		switch {
		case !field.IsExported():
			continue
		case field.Anonymous:
			path = name
		case isOwnText(props.Type(), field) && !value.IsNil() && value.Elem().String() == "":
			fail(scope, id, "got an empty %s: set it, or leave it out", path)
		}
		checkProps(scope, id, path, value)
	}
}

func checkElement(scope constructs.IConstruct, id *string, name string, value reflect.Value) {
	if nilable := value.Kind() == reflect.Pointer || value.Kind() == reflect.Interface; nilable && value.IsNil() {
		fail(scope, id, "got nil in %s: remove it, or give a value", name)
	}
	checkProps(scope, id, name, value)
}

// isOwnText reports whether a field of props of this package is a string that may
// not be empty. An empty Comment is none.
func isOwnText(props reflect.Type, field reflect.StructField) bool {
	return props.PkgPath() == constructPackage && field.Name != "Comment" && field.Type == reflect.TypeFor[*string]()
}

// constantName matches the values of awscdk's enums. jsii takes some other
// values for numbers of members.
var constantName = regexp.MustCompile(`^[A-Z][A-Z0-9_]*$`)

// isEnum reports whether a type is an enum of awscdk.
func isEnum(t reflect.Type) bool {
	return strings.HasPrefix(t.PkgPath(), "github.com/aws/aws-cdk-go/")
}

var constructPackage = reflect.TypeFor[Error]().PkgPath()

// text returns a string that may be nil.
func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
