package code

import (
	"fmt"
	"strings"
)

// PythonFiles returns the files that may have the module of a handler, or an error
// unless a directory has one of them. Lambda says if it lacks the function.
//
// See: https://docs.aws.amazon.com/lambda/latest/dg/python-handler.html#python-handler-naming
func PythonFiles(dir, handler string) ([]string, error) {
	i := strings.LastIndex(handler, ".")
	if i <= 0 || i == len(handler)-1 || strings.ContainsAny(handler, " \t\n") {
		return nil, fmt.Errorf(`PythonHandler got Handler %q: give the module and the function, such as "lambda_function.lambda_handler"`, handler)
	}
	module := strings.ReplaceAll(handler[:i], ".", "/")
	files := []string{module + ".py", module + "/__init__.py"}
	if !hasFile(dir, files...) {
		return nil, fmt.Errorf("PythonHandler got Handler %q, and %s has no %s: write it, or give the Handler that it has", handler, dir, files[0])
	}
	return files, nil
}
