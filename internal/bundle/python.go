package bundle

import (
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
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

//go:embed run_pip.py
var pipScript string

// Which versions of glibc Lambda's runtimes have: Amazon Linux 2023 has 2.34, Amazon
// Linux 2 has 2.26. Python 3.12 is the first one on Amazon Linux 2023.
//
// See: https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html
// See: https://docs.aws.amazon.com/linux/al2023/ug/compare-with-al2-glibc-gcc-and-binutils.html
const (
	newGlibc = 34
	oldGlibc = 26
)

// The oldest glibc of which there are wheels for a CPU, and older names of them.
//
// See: https://peps.python.org/pep-0600/
var wheelTags = map[string]struct {
	machine string
	oldest  int
	legacy  []string
}{
	"arm64":  {"aarch64", 17, []string{"manylinux2014"}},
	"x86_64": {"x86_64", 5, []string{"manylinux2014", "manylinux2010", "manylinux1"}},
}

// arguments returns the arguments of pip that select wheels.
func (p *Python) arguments() []string {
	if p.Native {
		return []string{"--prefer-binary"}
	}
	tags, glibc := wheelTags[p.Architecture], newGlibc
	if minor, err := strconv.Atoi(strings.TrimPrefix(p.Version, "3.")); err == nil && minor < 12 {
		glibc = oldGlibc
	}
	arguments := []string{"--only-binary", ":all:", "--implementation", "cp", "--python-version", p.Version}
	for minor := glibc; minor >= tags.oldest; minor-- {
		arguments = append(arguments, "--platform", fmt.Sprintf("manylinux_2_%d_%s", minor, tags.machine))
	}
	for _, name := range tags.legacy {
		arguments = append(arguments, "--platform", name+"_"+tags.machine)
	}
	return arguments
}

// markers returns the values of environment markers in Lambda that differ from
// this machine's.
//
// See: https://packaging.python.org/en/latest/specifications/dependency-specifiers/#environment-markers
func (p *Python) markers() map[string]string {
	if p.Native {
		return map[string]string{}
	}
	return map[string]string{
		"implementation_name":            "cpython",
		"os_name":                        "posix",
		"platform_machine":               wheelTags[p.Architecture].machine,
		"platform_python_implementation": "CPython",
		"platform_release":               "",
		"platform_system":                "Linux",
		"platform_version":               "",
		"python_version":                 p.Version,
		"sys_platform":                   "linux",
		// Lambda updates its runtimes to new patch versions, whose number isn't
		// known here: newer than those that packages work around.
		"python_full_version":    p.Version + ".99",
		"implementation_version": p.Version + ".99",
	}
}

// String names the Python in messages.
func (p *Python) String() string {
	if p.Native {
		return "Python " + p.Version + " of this machine"
	}
	return "Python " + p.Version + " on " + p.Architecture
}

// install installs the requirements of a file in a directory of an app.
func (p *Python) install(dir, file, target string) error {
	python, err := p.executable()
	if err != nil {
		return err
	}
	markers, err := json.Marshal(p.markers())
	if err != nil {
		return err
	}
	// pip runs in the app's directory, for paths in its requirements.
	if file, err = filepath.Abs(file); err != nil {
		return err
	}
	if target, err = filepath.Abs(target); err != nil {
		return err
	}
	arguments := []string{
		"-c", pipScript, string(markers), "install",
		"--requirement", file, "--target", target,
		"--no-compile", "--no-input", "--disable-pip-version-check", "--no-warn-script-location", "--progress-bar", "off",
	}
	command := exec.Command(python, append(arguments, p.arguments()...)...)
	command.Dir = dir
	command.Env = append(os.Environ(), "PIP_REQUIRE_VIRTUALENV=false", "PYTHONDONTWRITEBYTECODE=1")
	if output, err := command.CombinedOutput(); err != nil {
		return p.failure(dir, filepath.Base(file), err, string(output))
	}
	return normalise(target)
}

// executable returns the python3 to run pip with.
func (p *Python) executable() (string, error) {
	if !p.Native {
		return "python3", nil
	}
	for _, name := range []string{"python" + p.Version, "python3"} {
		output, err := exec.Command(name, "-c", `import sys; print("%d.%d" % sys.version_info[:2])`).Output()
		if err == nil && strings.TrimSpace(string(output)) == p.Version {
			return name, nil
		}
	}
	return "", fmt.Errorf("the context key cloudfurl:python is %s, and there is no such Python in PATH: give the version of your python3", p.Version)
}

var (
	noDistribution = regexp.MustCompile(`Could not find a version that satisfies the requirement (.+) \(from versions: ([^)]*)\)`)
	noConnection   = regexp.MustCompile(`NewConnectionError|ConnectTimeoutError|NameResolutionError|ProxyError|ReadTimeoutError|IncompleteRead|RemoteDisconnected|Max retries exceeded|Connection (refused|reset)|No route to host`)
)

// failure returns why pip failed, by its output.
func (p *Python) failure(dir, file string, err error, output string) error {
	missing := noDistribution.FindStringSubmatch(output)
	switch {
	case errors.Is(err, exec.ErrNotFound):
		return fmt.Errorf("installing %s of %s needs python3 with pip, and there is no python3 in PATH: install it from https://www.python.org", file, dir)
	case strings.Contains(output, "cloudfurl: no usable pip"):
		return fmt.Errorf("installing %s of %s needs pip, which python3 doesn't have: install it by python3 -m ensurepip, or your system's package python3-pip\n%s", file, dir, output)
	case noConnection.MatchString(output):
		return fmt.Errorf("pip couldn't reach the package index to install %s of %s: connect to the network, or set PIP_INDEX_URL to an index that you can reach\n%s", file, dir, output)
	case missing != nil:
		return errors.New(p.noWheel(file, missing[1], missing[2], output))
	}
	return fmt.Errorf("pip couldn't install %s of %s for %s (%w):\n%s", file, dir, p, err, output)
}

// newest is how many versions a message names.
const newest = 3

// noWheel says that a requirement has no wheel, but perhaps other versions do.
func (p *Python) noWheel(file, requirement, others, output string) string {
	problem := fmt.Sprintf("%s requires %s, and the package index has no wheel of it for %s", file, requirement, p)
	if p.Native {
		return fmt.Sprintf("%s: choose another version, or another Python\n%s", problem, output)
	}
	other := "x86_64"
	if p.Architecture == other {
		other = "arm64"
	}
	if others == "none" || others == "" {
		return fmt.Sprintf("%s, in any version: check its name; if it is Python only, make a wheel %s; otherwise, give another Runtime, the Architecture %s, or use ImageHandler\n%s",
			problem, ownWheel(file, requirement), other, output)
	}
	all := strings.Split(others, ", ")
	return fmt.Sprintf("%s, and nothing is compiled: choose a version that has one, such as %s, another Runtime, the Architecture %s, or ImageHandler\n%s",
		problem, strings.Join(all[max(0, len(all)-newest):], " or "), other, output)
}

// ownWheel says how to make a wheel in an app's directory, and how to install it.
func ownWheel(file, requirement string) string {
	requirement, _, _ = strings.Cut(requirement, " (from ")
	how := fmt.Sprintf("in the app's directory by: python3 -m pip wheel --no-deps --wheel-dir wheels '%s', and add ", requirement)
	if file == uvLockFile {
		return how + "it by: uv add ./wheels/NAME.whl"
	}
	return how + "the line --find-links wheels to " + requirementsFile
}
