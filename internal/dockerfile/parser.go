package dockerfile

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/cloudfurl/cloudfurl/internal/fault"
)

// maxStages bounds the stages of a Dockerfile.
const maxStages = 100

// A parser reads the instructions of a Dockerfile.
type parser struct {
	file      string
	line      int // that is read
	buildArgs map[string]string
	global    *stage // ARG before the first FROM
	stages    []*stage
	stage     *stage // that is read
	expanded  int    // bytes of variables
	err       error  // the first that Docker has too
}

// A stage is a FROM and what follows it.
type stage struct {
	Image
	name   string
	args   map[string]string
	shell  []string
	cmdSet bool // not by the stage before
}

// fail notes what Docker rejects too.
func (p *parser) fail(hint, format string, args ...any) {
	if p.err == nil {
		p.err = fault.At(fmt.Sprintf("%s:%d", p.file, p.line), fault.New(hint, format, args...))
	}
}

// unsupported notes what Docker takes and this package doesn't.
func (p *parser) unsupported(format string, args ...any) {
	if p.stage.Unsupported == nil {
		p.stage.Unsupported = fault.At(fmt.Sprintf("%s:%d", p.file, p.line), fault.New("", format, args...))
	}
}

// read reads an instruction. Those that change neither the command nor its
// surroundings are skipped.
func (p *parser) read(i instruction) {
	switch s := p.stage; {
	case i.args == "":
		p.fail("write what it should do", "%s has no arguments", i.keyword)
	case i.keyword == "FROM":
		p.from(i)
	case i.keyword == "ARG":
		p.arg(i)
	case s == p.global:
		p.fail("begin with FROM", "%s comes before the first FROM", i.keyword)
	case i.keyword == "ENV":
		p.env(i)
	case i.keyword == "WORKDIR":
		dir, _ := p.expand(i.args, "")
		s.WorkDir = s.absolute(dir)
	case i.keyword == "EXPOSE":
		s.Ports = append(s.Ports, p.words(i.args)...)
	case i.keyword == "SHELL":
		s.shell = s.command(i)
	case i.keyword == "CMD":
		s.Cmd, s.cmdSet = s.command(i), true
	case i.keyword == "ENTRYPOINT":
		if s.Entrypoint = s.command(i); !s.cmdSet {
			s.Cmd = nil // it would be the arguments of another entry point
		}
	case i.keyword == "COPY" || i.keyword == "ADD":
		p.copy(i)
	case i.keyword == "RUN":
		s.NotExecuted = append(s.NotExecuted, i.line)
	}
}

// from begins a stage.
//
// See: https://docs.docker.com/reference/dockerfile/#from
func (p *parser) from(i instruction) {
	words := append(strings.Fields(i.args), "", "")
	p.stage = p.global
	base, _ := p.expand(words[0], "")
	if base == "" {
		p.fail("give its variables values by ARG before the first FROM, or by build arguments", "FROM %.100s names no image", words[0])
	}
	if len(p.stages) == maxStages {
		p.fail("use fewer stages", "the Dockerfile has more than %d stages", maxStages)
	}
	p.stage = p.after(base)
	if p.stage.name = ""; strings.EqualFold(words[1], "AS") {
		p.stage.name = words[2]
	}
	p.stages = append(p.stages, p.stage)
}

// after returns a stage that goes on from another stage or from an image.
func (p *parser) after(base string) *stage {
	if parent := p.find(base); parent != nil {
		next := *parent
		next.Env, next.args, next.cmdSet = maps.Clone(next.Env), maps.Clone(next.args), false
		next.Ports, next.NotExecuted, next.copies = slices.Clip(next.Ports), slices.Clip(next.NotExecuted), slices.Clip(next.copies)
		return &next
	}
	next := &stage{args: map[string]string{}, shell: []string{"/bin/sh", "-c"}}
	next.Image = Image{Base: base, WorkDir: "/", Env: map[string]string{}, Unsupported: p.global.Unsupported}
	if next.FromLambda() {
		// See: https://docs.aws.amazon.com/lambda/latest/dg/python-image.html
		next.WorkDir, next.args["LAMBDA_TASK_ROOT"] = "/var/task", "/var/task"
	}
	return next
}

// find returns the stage with a name, in any case, or nil.
func (p *parser) find(name string) *stage {
	for _, s := range slices.Backward(p.stages) {
		if strings.EqualFold(s.name, name) {
			return s
		}
	}
	return nil
}

// arg declares build arguments. One without a default has that of the global
// argument.
//
// See: https://docs.docker.com/reference/dockerfile/#arg
func (p *parser) arg(i instruction) {
	for _, word := range p.words(i.args) {
		name, value, set := strings.Cut(word, "=")
		if global, ok := p.global.args[name]; ok && !set {
			value, set = global, true
		}
		if given, ok := p.buildArgs[name]; ok {
			value, set = given, true
		}
		if set {
			p.stage.args[name] = value
		}
	}
}

// env sets variables. All values of an instruction see the variables before it.
func (p *parser) env(i instruction) {
	if name, rest := cutWord(i.args); !strings.Contains(name, "=") { // the old form, of one variable
		if rest == "" {
			p.fail("write NAME=VALUE", "ENV %.100s has no value", name)
		}
		p.stage.Env[name], _ = p.expand(rest, "")
		return
	}
	values := map[string]string{}
	for _, word := range p.words(i.args) {
		name, value, ok := strings.Cut(word, "=")
		if !ok || name == "" {
			p.fail("write NAME=VALUE, with quotes around a value that has spaces", "ENV has the word %.100q", word)
		}
		values[name] = value
	}
	maps.Copy(p.stage.Env, values)
}

// lookup returns a variable. ENV wins over ARG.
func (s *stage) lookup(name string) (string, bool) {
	if value, ok := s.Env[name]; ok {
		return value, true
	}
	value, ok := s.args[name]
	return value, ok
}

// absolute returns a path of the image that may be relative to WORKDIR.
func (s *stage) absolute(file string) string {
	if path.IsAbs(file) {
		return path.Clean(file)
	}
	return path.Join(s.WorkDir, file)
}

// command returns the words of CMD, ENTRYPOINT or SHELL.
//
// See: https://docs.docker.com/reference/dockerfile/#shell-and-exec-form
func (s *stage) command(i instruction) []string {
	if found, ok := jsonList(i.args); ok {
		return found
	}
	return append(slices.Clone(s.shell), i.args)
}
