package code

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// PythonFiles returns the files that may have the module of a handler, or an error
// unless a directory has one of them, with its function.
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
	return files, checkFunction(dir, handler, files)
}

// checkFunction returns an error if the module of a handler can't have its function.
func checkFunction(dir, handler string, files []string) error {
	name := handler[strings.LastIndex(handler, ".")+1:]
	// Python prefers a package to a module.
	for _, file := range slices.Backward(files) {
		text, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(file)))
		if err != nil {
			continue
		}
		if !mayDefine(text, name) {
			return fmt.Errorf("PythonHandler got Handler %q, and %s of %s has no %s: define it, or give the Handler that it has", handler, file, dir, name)
		}
		return nil
	}
	return nil
}

// dynamicNames matches what can define a name of a Python module without
// spelling it.
var dynamicNames = regexp.MustCompile(`import\s*\(?\s*\*|\b(?:globals|setattr|exec|vars|__dict__|__getattr__)\b`)

// mayDefine reports whether a Python module with a text may have a name.
func mayDefine(text []byte, name string) bool {
	word := regexp.MustCompile(`(?:^|\W)` + regexp.QuoteMeta(name) + `(?:\W|$)`)
	return word.Match(text) || dynamicNames.Match(text)
}
