package dockerfile

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/cloudfurl/cloudfurl/internal/fault"
)

// A build is the stages that have been read.
type build struct {
	file      string
	escape    byte
	buildArgs map[string]string
	globals   map[string]string // ARG before the first FROM
	stages    []*stage
}

// run reads an instruction.
func (b *build) run(i instruction) error {
	switch {
	case i.keyword == "FROM":
		return b.from(i)
	case len(b.stages) > 0:
		return b.stages[len(b.stages)-1].run(i)
	case i.keyword == "ARG":
		return b.globalArg(i)
	}
	return fault.New("begin with FROM", "%s comes before the first FROM", i.keyword)
}

// globalArg sets arguments for FROM.
func (b *build) globalArg(i instruction) error {
	found, err := pairs(i, b.escape)
	if err != nil {
		return err
	}
	for _, p := range found {
		value, err := expand(p.value, b.escape, b.global)
		if err != nil {
			return err
		}
		if given, ok := b.buildArgs[p.name]; ok {
			value = given
		} else if !p.set {
			continue
		}
		b.globals[p.name] = value
	}
	return nil
}

func (b *build) global(name string) (string, bool) {
	value, ok := b.globals[name]
	return value, ok
}

// from begins a stage.
//
// See: https://docs.docker.com/reference/dockerfile/#from
func (b *build) from(i instruction) error {
	found := strings.Fields(i.args)
	if len(found) != 1 && (len(found) != 3 || !strings.EqualFold(found[1], "AS")) {
		return fault.New("write FROM IMAGE or FROM IMAGE AS NAME", "FROM has the arguments %q", i.args)
	}
	base, err := expand(found[0], b.escape, b.global)
	if err != nil {
		return err
	}
	if base == "" {
		return fault.New("give its variables values by ARG before the first FROM, or by build arguments", "FROM %s names no image", found[0])
	}
	next := b.newStage(base)
	if len(found) == 3 {
		next.name = found[2]
	}
	b.stages = append(b.stages, next)
	return nil
}

// newStage returns a stage that goes on from another one, or from an image.
func (b *build) newStage(base string) *stage {
	if parent := b.named(base); parent != nil {
		return parent.child()
	}
	s := &stage{build: b, args: map[string]string{}, shell: []string{"/bin/sh", "-c"}, baseEnv: map[string]string{"PATH": defaultPath}}
	s.image = Image{Base: base, WorkDir: "/", Env: map[string]string{}, file: b.file}
	if isLambdaBase(base) {
		s.image.WorkDir = lambdaEnv["LAMBDA_TASK_ROOT"]
		maps.Copy(s.baseEnv, lambdaEnv)
	}
	if isAdapterImage(base) {
		s.image.adapters = []string{"/lambda-adapter"}
	}
	return s
}

// named returns the stage of a name, or nil. Names ignore case.
func (b *build) named(name string) *stage {
	for _, s := range slices.Backward(b.stages) {
		if s.name != "" && strings.EqualFold(s.name, name) {
			return s
		}
	}
	return nil
}

// numbered returns the stage of a name or number, or nil.
func (b *build) numbered(name string) *stage {
	if s := b.named(name); s != nil {
		return s
	}
	if n, err := strconv.Atoi(name); err == nil && n >= 0 && n < len(b.stages) {
		return b.stages[n]
	}
	return nil
}

// target returns the stage to build.
func (b *build) target(name string) (*stage, error) {
	if len(b.stages) == 0 {
		return nil, fault.New("begin with FROM", "has no FROM")
	}
	if name == "" {
		return b.stages[len(b.stages)-1], nil
	}
	if s := b.numbered(name); s != nil {
		return s, nil
	}
	var names []string
	for n, s := range b.stages {
		if s.name == "" {
			names = append(names, strconv.Itoa(n))
			continue
		}
		names = append(names, s.name)
	}
	return nil, fault.New("use one of its stages: "+strings.Join(names, ", "), "has no stage %q", name)
}
