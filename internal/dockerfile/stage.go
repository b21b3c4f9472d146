package dockerfile

import (
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/cloudfurl/cloudfurl/internal/fault"
)

// defaultPath is PATH of images that don't set it, and begins that of most base
// images.
//
// See: https://github.com/moby/buildkit/blob/v0.34.2/util/system/path.go
const defaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

// lambdaEnv are variables of AWS's base images that Dockerfiles use.
//
// See: https://docs.aws.amazon.com/lambda/latest/dg/python-image.html
var lambdaEnv = map[string]string{"LAMBDA_TASK_ROOT": "/var/task", "LAMBDA_RUNTIME_DIR": "/var/runtime"}

// A stage is a FROM and what follows it.
type stage struct {
	build   *build
	name    string
	image   Image
	baseEnv map[string]string // of the base image, as far as it is known
	args    map[string]string
	shell   []string
	cmdSet  bool // in this stage
}

// child returns a stage that goes on from s.
func (s *stage) child() *stage {
	next := *s
	next.name, next.cmdSet = "", false
	next.args, next.image.Env = maps.Clone(s.args), maps.Clone(s.image.Env)
	next.image.Ports = slices.Clone(s.image.Ports)
	next.image.origins, next.image.adapters = slices.Clone(s.image.origins), slices.Clone(s.image.adapters)
	return &next
}

// finished returns the image of the stage.
func (s *stage) finished() *Image {
	s.image.findExtensions()
	return &s.image
}

// run reads an instruction of the stage. Those that change neither the command nor
// its surroundings are skipped.
func (s *stage) run(i instruction) (err error) {
	switch i.keyword {
	case "ARG":
		return s.arg(i)
	case "ENV":
		return s.env(i)
	case "WORKDIR":
		return s.workDir(i)
	case "USER":
		s.image.User, err = s.expand(i.args)
	case "EXPOSE":
		return s.expose(i)
	case "SHELL":
		return s.setShell(i)
	case "CMD":
		s.image.Cmd, s.image.cmdLine, s.cmdSet = s.command(i), i.line, true
	case "ENTRYPOINT":
		s.image.Entrypoint, s.image.entrypointLine = s.command(i), i.line
		if !s.cmdSet {
			s.image.Cmd = nil // that of the base would be its arguments
		}
	case "COPY", "ADD":
		return s.copy(i)
	}
	return err
}

// lookup returns a variable. ENV wins over ARG.
func (s *stage) lookup(name string) (string, bool) {
	for _, values := range []map[string]string{s.image.Env, s.args, s.baseEnv} {
		if value, ok := values[name]; ok {
			return value, true
		}
	}
	return "", false
}

func (s *stage) expand(text string) (string, error) { return expand(text, s.build.escape, s.lookup) }

// arg declares build arguments. One without a default has that of the global
// argument.
//
// See: https://docs.docker.com/reference/dockerfile/#arg
func (s *stage) arg(i instruction) error {
	found, err := pairs(i, s.build.escape)
	if err != nil {
		return err
	}
	for _, p := range found {
		value, err := s.expand(p.value)
		if err != nil {
			return err
		}
		given, isGiven := s.build.buildArgs[p.name]
		global, isGlobal := s.build.globals[p.name]
		switch {
		case isGiven:
			s.args[p.name] = given
		case p.set:
			s.args[p.name] = value
		case isGlobal:
			s.args[p.name] = global
		}
	}
	return nil
}

// env sets variables. All values of an instruction see the variables before it.
func (s *stage) env(i instruction) error {
	found, err := pairs(i, s.build.escape)
	if err != nil {
		return err
	}
	values := map[string]string{}
	for _, p := range found {
		name, err := s.expand(p.name)
		if err != nil {
			return err
		}
		if values[name], err = s.expand(p.value); err != nil {
			return err
		}
	}
	maps.Copy(s.image.Env, values)
	return nil
}

func (s *stage) workDir(i instruction) error {
	dir, err := s.expand(i.args)
	if err != nil {
		return err
	}
	s.image.WorkDir = s.absolute(dir)
	return nil
}

// absolute returns a path of the image that may be relative to WORKDIR.
func (s *stage) absolute(file string) string {
	if path.IsAbs(file) {
		return path.Clean(file)
	}
	return path.Join(s.image.WorkDir, file)
}

func (s *stage) expose(i instruction) error {
	ports, err := s.expand(i.args)
	if err != nil {
		return err
	}
	s.image.Ports = append(s.image.Ports, strings.Fields(ports)...)
	return nil
}

func (s *stage) setShell(i instruction) error {
	shell, ok := list(i.args)
	if !ok || len(shell) == 0 {
		return fault.New(`write a list of strings, as in SHELL ["/bin/bash", "-c"]`, "SHELL has the arguments %q", i.args)
	}
	s.shell = shell
	return nil
}

// command returns the words of CMD or ENTRYPOINT.
//
// See: https://docs.docker.com/reference/dockerfile/#shell-and-exec-form
func (s *stage) command(i instruction) []string {
	if found, ok := list(i.args); ok {
		return found
	}
	return append(slices.Clone(s.shell), i.args)
}
