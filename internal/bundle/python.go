package bundle

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"strings"
)

// A Python is what packages are installed for.
type Python struct {
	// Version is the version of Python, such as "3.13".
	Version string

	// Architecture is Lambda's name of the CPU: arm64 or x86_64.
	Architecture string

	// Native is whether packages are installed for this machine and its Python,
	// which has to have the Version.
	Native bool
}

// cpus are names of CPUs in wheels, by Lambda's.
var cpus = map[string]string{"arm64": "aarch64", "x86_64": "x86_64"}

// String names the Python in messages.
func (p *Python) String() string {
	if p.Native {
		return "Python " + p.Version + " of this machine"
	}
	return "Python " + p.Version + " on " + p.Architecture
}

// machine returns the machine that packages are installed for, if it is this one.
func (p *Python) machine() string {
	if p.Native {
		return runtime.GOOS + "/" + runtime.GOARCH
	}
	return ""
}

// manylinux returns the newest wheels for the glibc of the runtime, of those that uv
// knows: 2.26 on Amazon Linux 2, and 2.34 on Amazon Linux 2023, from Python 3.12 on.
//
// See: https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html
// See: https://docs.aws.amazon.com/linux/al2023/ug/compare-with-al2-glibc-gcc-and-binutils.html
func (p *Python) manylinux() string {
	if minor, err := strconv.Atoi(strings.TrimPrefix(p.Version, "3.")); err == nil && minor < 12 {
		return "manylinux_2_17"
	}
	return "manylinux_2_34"
}

// PythonProgram is the usual name of Python 3 on this machine. That of python.org for
// Windows has no python3.
//
// See: https://docs.python.org/3/using/windows.html
var PythonProgram = "python3"

func init() {
	if runtime.GOOS == "windows" {
		PythonProgram = "python"
	}
}

// executable returns a program of this machine that is the Python, or "".
func (p *Python) executable() string {
	for _, name := range []string{"python" + p.Version, "python3", "python"} {
		if version, err := PythonVersion(name); err == nil && version == p.Version {
			return name
		}
	}
	return ""
}

// PythonVersion returns the version of a program that is a Python, such as "3.13".
func PythonVersion(program string) (string, error) {
	output, err := exec.Command(program, "-c", `import sys; print("%d.%d" % sys.version_info[:2])`).Output()
	return strings.TrimSpace(string(output)), err
}

// noWheel matches what uv says of a package that the function's machine can't have.
//
// Seen: uv 0.13.9.
var noWheel = regexp.MustCompile(`(has|have) no (usable )?wheels|Wheels are required|[Bb]uilding source distributions|there (is|are) no versions? of|` +
	`not found in the (package registry|provided package locations)`)

// failure returns why uv failed, by its output, which tells of the network and of
// Python.
func (r *requirements) failure(err error, output string) error {
	hint := err.Error()
	if noWheel.MatchString(output) {
		hint = "the package index has no wheel of a package, and nothing is compiled: choose another version, Runtime or Architecture, or ImageHandler; " +
			"or, if the package is Python only, make a wheel in the app's directory by: python3 -m pip wheel --no-deps --wheel-dir wheels NAME==VERSION, " +
			"and add the line --find-links wheels to " + requirementsFile + ", or the wheel to " + uvLockFile + " by: uv add ./wheels/NAME.whl"
	}
	return fmt.Errorf("uv couldn't install %s of %s for %s: %s\n%s", r.name, r.dir, r.python, hint, output)
}

// Use calls read with a directory of the packages that the lines of a requirements file
// name, such as those of a program in Python. The cache keeps them.
func (p *Python) Use(requirements string, cache Cache, read func(dir string) error) error {
	dir, err := os.MkdirTemp("", "requirements")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	if err := os.WriteFile(filepath.Join(dir, requirementsFile), []byte(requirements), plain); err != nil {
		return err
	}
	d, err := p.dependencies(dir)
	if err != nil {
		return err
	}
	return cache.use(d, read)
}
