package dockerfile

import (
	"fmt"
	"maps"
	"os"
	"path"
	"runtime"
	"slices"
	"strconv"
	"strings"

	"github.com/cloudfurl/cloudfurl/internal/fault"
)

// An Image is what a Dockerfile says of the image that it builds.
type Image struct {
	// Base is the reference of the image that it begins with, or scratch. Stages
	// in between are followed.
	Base string

	// Env are the variables that ENV sets. Those of the base image aren't known.
	Env map[string]string

	// WorkDir is the absolute directory that the command runs in.
	WorkDir string

	// Entrypoint and Cmd are the words of the command; the shell form is wrapped
	// in the shell as Docker does. Both are empty if the base image's apply.
	Entrypoint, Cmd []string

	// User is the user that USER names, or empty.
	User string

	// Ports are those of EXPOSE, such as 8080 or 8080/tcp.
	Ports []string

	// Adapter is true if AWS's Lambda Web Adapter is copied into /opt/extensions.
	Adapter bool

	// Extensions are the paths of other files that are copied into /opt/extensions.
	Extensions []string

	file           string
	cmdLine        int
	entrypointLine int
	origins        []origin
	adapters       []string // where the adapter's program is
}

// extensionsDir is where Lambda looks for external extensions.
//
// See: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-extensions-api.html
const extensionsDir = "/opt/extensions"

// Parse returns the image that a Dockerfile builds with build arguments up to a
// target, the name or number of a stage. An empty target is the last stage. An
// error is a *fault.Error whose Where is the file and line.
func Parse(file string, buildArgs map[string]string, target string) (*Image, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, fault.At(file, fault.New("write the Dockerfile, or correct its path", "can't be read: %w", err))
	}
	instructions, escape, err := scan(string(text))
	if err != nil {
		return nil, inFile(file, err)
	}
	b := &build{file: file, escape: escape, buildArgs: buildArgs, globals: platformArgs()}
	for _, i := range instructions {
		if err := b.run(i); err != nil {
			return nil, inFile(file, atLine(i.line, err))
		}
	}
	stage, err := b.target(target)
	if err != nil {
		return nil, inFile(file, err)
	}
	return stage.finished(), nil
}

// platformArgs are the arguments that every build has, for this machine.
//
// See: https://docs.docker.com/reference/dockerfile/#automatic-platform-args-in-the-global-scope
func platformArgs() map[string]string {
	values := map[string]string{}
	for _, of := range []string{"TARGET", "BUILD"} {
		maps.Copy(values, map[string]string{
			of + "PLATFORM": "linux/" + runtime.GOARCH, of + "OS": "linux", of + "ARCH": runtime.GOARCH, of + "VARIANT": "",
		})
	}
	return values
}

// Command returns the program of the container and its arguments. It is empty if
// those of the base image apply.
func (i *Image) Command() []string {
	return slices.Concat(i.Entrypoint, i.Cmd)
}

// CommandLine returns the line of the command: of CMD, or else of ENTRYPOINT, or
// else 0.
func (i *Image) CommandLine() int {
	if len(i.Cmd) > 0 {
		return i.cmdLine
	}
	return i.entrypointLine
}

// FromLambda reports whether the base image is one of AWS for Lambda, which brings
// a runtime and its own entry point.
//
// See: https://docs.aws.amazon.com/lambda/latest/dg/images-create.html
func (i *Image) FromLambda() bool { return isLambdaBase(i.Base) }

func isLambdaBase(reference string) bool {
	return strings.Contains(reference, "public.ecr.aws/lambda/") || strings.Contains(reference, "amazon/aws-lambda-")
}

// findExtensions sets what /opt/extensions has.
func (i *Image) findExtensions() {
	inExtensions := func(file string) bool { return path.Dir(file) == extensionsDir }
	i.Adapter = slices.ContainsFunc(i.adapters, inExtensions)
	for _, o := range i.origins {
		file := o.inside
		if o.only != "" {
			file = path.Join(o.inside, o.only)
		}
		if inExtensions(file) && !slices.Contains(i.adapters, file) && !slices.Contains(i.Extensions, file) {
			i.Extensions = append(i.Extensions, file)
		}
	}
}

func place(file string, line int) string { return file + ":" + strconv.Itoa(line) }

// A lineError is an error before it is known which file it is in.
type lineError struct {
	line int
	err  error
}

func (e *lineError) Error() string { return fmt.Sprintf("line %d: %v", e.line, e.err) }

func atLine(line int, err error) error { return &lineError{line, err} }

func inFile(file string, err error) error {
	if e, ok := err.(*lineError); ok {
		return fault.At(place(file, e.line), e.err)
	}
	return fault.At(file, err)
}
