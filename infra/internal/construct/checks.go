package construct

import (
	"cmp"
	"path"
	"reflect"
	"slices"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/constructs-go/constructs/v10"
)

// Within checks what every construct of infra needs: a stack to be in, an
// id, and props without nil elements. It panics with an *Error if one is missing.
// Constructors defer what it returns, which reports CDK's errors as those of the
// construct:
//
//	defer construct.Within(scope, id, props)()
func Within(scope constructs.Construct, id *string, props any) func() {
	report := WithinApp(scope, id, props)
	checkStack(scope, id)
	return report
}

// WithinApp is Within for constructs that needn't be in a stack.
func WithinApp(scope constructs.Construct, id *string, props any) func() {
	switch {
	case IsNil(scope):
		panic(&Error{Path: cmp.Or(Text(id), "construct"), Reason: "got no scope: pass the stack to define it in"})
	case id == nil || *id == "":
		Fail(scope, nil, `got a construct without an id: pass one, such as jsii.String("Api")`)
	}
	CheckProps(scope, id, "", reflect.ValueOf(props))
	return Reporting(scope, id)
}

// About is Within for functions whose errors are about a construct that they get as
// a parameter.
func About(of constructs.IConstruct, function, parameter string, props any) func() {
	CheckGiven(of, function, parameter)
	checkStack(of, nil)
	CheckProps(of, nil, "", reflect.ValueOf(props))
	return Reporting(of, nil)
}

// CheckGiven panics with an *Error about a function unless it got a construct.
func CheckGiven(of constructs.IConstruct, function, parameter string) {
	if IsNil(of) {
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
		Fail(scope, id, "got a scope outside of stacks: pass an awscdk.Stack, or a construct in one")
	}
}

// IsNil reports whether value is nil, or an interface around a nil pointer.
func IsNil(value any) bool {
	v := reflect.ValueOf(value)
	return !v.IsValid() || v.Kind() == reflect.Pointer && v.IsNil()
}

var constructType = reflect.TypeFor[constructs.IConstruct]()

// CheckProps panics with an *Error about the construct id in scope if a list or a
// map of props has a nil element, or if a string of infra's props is empty: the CDK
// leaves such values out, or reports them in words of TypeScript. name is that of the
// value in the props.
func CheckProps(scope constructs.IConstruct, id *string, name string, value reflect.Value) {
	switch value.Kind() {
	case reflect.Pointer:
		if !value.IsNil() && !value.Type().Implements(constructType) {
			CheckProps(scope, id, name, value.Elem())
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
			Fail(scope, id, "got an empty %s: set it, or leave it out", path)
		}
		CheckProps(scope, id, path, value)
	}
}

func checkElement(scope constructs.IConstruct, id *string, name string, value reflect.Value) {
	if nilable := value.Kind() == reflect.Pointer || value.Kind() == reflect.Interface; nilable && value.IsNil() {
		Fail(scope, id, "got nil in %s: remove it, or pass a value", name)
	}
	CheckProps(scope, id, name, value)
}

// isOwnText reports whether a field of props of infra or a package in it is a string
// that may not be empty. An empty Comment counts as absent.
func isOwnText(props reflect.Type, field reflect.StructField) bool {
	return (props.PkgPath() == infraPackage || path.Dir(props.PkgPath()) == infraPackage) && field.Name != "Comment" && field.Type == reflect.TypeFor[*string]()
}

var infraPackage = path.Dir(path.Dir(reflect.TypeFor[Error]().PkgPath()))
