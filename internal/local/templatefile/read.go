package templatefile

import (
	"cmp"
	"fmt"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/cloudfurl/cloudfurl/internal/fault"
	"github.com/cloudfurl/cloudfurl/internal/local/assembly"
)

// maxNesting bounds how deep stacks are nested in stacks, so that a template that
// contains itself is an error.
const maxNesting = 32

// Options say how templates are read.
type Options struct {
	// Parameters are the values that a deployment would get, by NAME or STACK.NAME.
	// SAM needs few of them.
	Parameters map[string]string

	// Temp is a directory for code that is made. The caller removes it.
	Temp string

	// AsIs leaves code as the template names it, whether it is there or not.
	// Default: false, code is made as it runs
	AsIs bool

	// Log gets what is read otherwise than on AWS.
	Log *slog.Logger
}

// A reader reads templates.
type reader struct {
	Options

	sam   []*assembly.Stack // to be translated
	paths []string          // what templates name, and where they are
}

// Read returns the stacks that a deployment of the templates would make. Code isn't
// made before it is asked for. An error is a *fault.Error that names a file.
func Read(files []File, options Options) ([]*assembly.Stack, error) {
	r := &reader{Options: options}
	stacks := make([]*assembly.Stack, len(files))
	for i, file := range files {
		stacks[i] = &assembly.Stack{ID: file.Stack, Name: file.Stack, Region: file.Region}
		if err := r.read(stacks[i], file.Path, 0); err != nil {
			return nil, err
		}
	}
	return stacks, r.translate()
}

// Sources returns the directories of the templates, and the code that they name, as far as
// they can be read.
func Sources(files []File) []string {
	r := &reader{Options: Options{Log: slog.New(slog.DiscardHandler)}}
	for _, file := range files {
		// What is wrong with it is an error of Read.
		_ = r.read(new(assembly.Stack), file.Path, 0)
	}
	return r.paths
}

// read reads the template of a stack, and those of the stacks nested in it.
func (r *reader) read(s *assembly.Stack, path string, depth int) error {
	if depth > maxNesting {
		return fault.At(path, fault.New("nest fewer stacks", "stacks are nested more than %d deep", maxNesting))
	}
	absolute, err := filepath.Abs(path)
	if err != nil {
		return fault.At(path, err)
	}
	r.paths = append(r.paths, filepath.Dir(absolute))
	data, err := assembly.ReadFile(absolute)
	if err != nil {
		return fault.At(path, fault.New("pass the path of a template", "can't be read: %w", err))
	}
	if s.Template, err = Decode(data); err != nil {
		return fault.At(path, err)
	}
	s.TemplateFile, s.Files, s.Images, s.Nested = absolute, map[string]func() (assembly.Asset, error){}, map[string]*assembly.Image{}, map[string]*assembly.Stack{}
	l := localizer{reader: r, stack: s, dir: filepath.Dir(absolute), depth: depth}
	globals, _ := s.Template["Globals"].(map[string]any)
	l.globals, _ = globals["Function"].(map[string]any)
	resources, _ := s.Template["Resources"].(map[string]any)
	for _, id := range slices.Sorted(maps.Keys(resources)) {
		resource, ok := resources[id].(map[string]any)
		if !ok {
			fault.Log(r.Log, slog.LevelWarn, path+" is read without "+id, "only objects are resources here", "write the resources out")
			continue
		}
		if err := l.localize(id, resource); err != nil {
			return err
		}
	}
	for _, transform := range transforms(s.Template) {
		switch transform {
		case serverless:
			r.sam = append(r.sam, s)
		case "AWS::LanguageExtensions": // its functions are known without
		default:
			fault.Log(r.Log, slog.LevelWarn, path+" is read without the transform "+transform, "only "+serverless+" is supported locally",
				"test on AWS what it changes")
		}
	}
	return nil
}

// serverless is the transform of SAM.
const serverless = "AWS::Serverless-2016-10-31"

func transforms(template map[string]any) (names []string) {
	list, ok := template["Transform"].([]any)
	if !ok && template["Transform"] != nil {
		list = []any{template["Transform"]}
	}
	for _, item := range list {
		if object, ok := item.(map[string]any); ok {
			item = object["Name"]
		}
		names = append(names, strings.TrimSpace(fmt.Sprint(item)))
	}
	return names
}

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
