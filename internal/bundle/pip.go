package bundle

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
)

// installByPip installs packages where there is no uv. pip compares environment
// markers, such as sys_platform == "linux", to this machine, so it has to have the
// function's CPU and Python.
func (r *requirements) installByPip(noUV error, arguments []string) error {
	python := r.python.executable()
	if python == "" && r.python.Native {
		return r.python.noPython()
	}
	if python == "" || !r.python.isHere() || exec.Command(python, "-m", "pip", "--version").Run() != nil {
		return fmt.Errorf("installing %s of %s for %s needs uv on this machine: %w", r.name, r.dir, r.python, noUV)
	}
	arguments = append([]string{"-m", "pip", "install", "--no-compile", "--no-input", "--disable-pip-version-check", "--no-warn-script-location", "--progress-bar", "off"}, arguments...)
	command := exec.Command(python, append(arguments, r.python.pipArguments()...)...)
	command.Dir = r.dir
	command.Env = append(os.Environ(), "PIP_REQUIRE_VIRTUALENV=false", "PYTHONDONTWRITEBYTECODE=1")
	if output, err := command.CombinedOutput(); err != nil {
		return r.failure("pip", err, string(output))
	}
	return nil
}

// isHere reports whether environment markers that don't name a version of Python have
// the values here that they have in Lambda.
func (p *Python) isHere() bool {
	return p.Native || runtime.GOOS == "linux" && runtime.GOARCH == cpus[p.Architecture].goarch
}

// pipArguments returns the arguments of pip that select wheels.
func (p *Python) pipArguments() []string {
	if p.Native {
		return []string{"--prefer-binary"}
	}
	cpu := cpus[p.Architecture].wheel
	arguments := []string{"--only-binary", ":all:", "--implementation", "cp", "--python-version", p.Version}
	for glibc := p.glibc(); glibc >= 17; glibc-- {
		arguments = append(arguments, "--platform", fmt.Sprintf("manylinux_2_%d_%s", glibc, cpu))
	}
	return append(arguments, "--platform", "manylinux2014_"+cpu)
}
