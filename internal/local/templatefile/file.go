package templatefile

import (
	"cmp"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/cloudfurl/cloudfurl/internal/fault"
)

// A File is a template, and the stack that a deployment would make of it.
type File struct {
	// Path is the path of the template.
	Path string

	// Stack is the name of the stack.
	Stack string

	// Region is the region of the stack. It may be empty.
	Region string
}

// stackName matches the names that stacks may have.
//
// See: https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStack.html
var (
	stackName = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9-]{0,127}$`)
	unnamed   = regexp.MustCompile(`[^A-Za-z0-9]+`)
)

// ParseFile reads [STACK[@REGION]=]FILE. The name of a stack is by default that of the
// file, and its region that of the environment, AWS_REGION or AWS_DEFAULT_REGION.
func ParseFile(text string) (File, error) {
	stack, path, named := strings.Cut(text, "=")
	if !named {
		stack, path = "", text
	}
	stack, region, _ := strings.Cut(stack, "@")
	file := File{Path: path, Stack: stack, Region: cmp.Or(region, os.Getenv("AWS_REGION"), os.Getenv("AWS_DEFAULT_REGION"))}
	if stack == "" {
		stem := strings.TrimSuffix(filepath.Base(path), filepath.Ext(path))
		file.Stack = strings.Trim(unnamed.ReplaceAllString(stem, "-"), "-")
	}
	switch {
	case path == "":
		return file, fault.New("write [STACK[@REGION]=]FILE", "%q names no template", text)
	case !stackName.MatchString(file.Stack):
		return file, fault.New("write STACK=FILE, with a name of letters, digits and hyphens that begins with a letter", "a stack can't have the name %q", file.Stack)
	}
	return file, nil
}
