package bundle

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// uvVersion is the version of uv that is installed on a machine without one. Tests
// run the same one, by tools/uv.txt.
const uvVersion = "0.13.9"

// A uvProgram is a uv of this machine.
type uvProgram struct {
	path, version string
}

// findUV returns the uv in PATH, or the one in the user's cache, into which pip installs
// it.
func findUV() (uvProgram, error) {
	if version, err := exec.Command("uv", "--version").Output(); err == nil {
		return uvProgram{"uv", string(version)}, nil
	}
	cache, uv := UserCache(), uvProgram{version: uvVersion}
	if cache.Dir == "" {
		return uv, errors.New("uv isn't in PATH, and the user has no cache to install it in: install it from https://docs.astral.sh/uv")
	}
	err := cache.use(pinnedUV{}, func(dir string) error {
		uv.path = filepath.Join(dir, "bin", "uv")
		return nil
	})
	return uv, err
}

// A pinnedUV is uv as dependencies that pip installs.
type pinnedUV struct{}

func (pinnedUV) key() (string, error) { return "uv " + uvVersion, nil }

func (pinnedUV) install(dir string) error {
	command := pip("install", "--no-input", "--disable-pip-version-check", "--no-deps", "--only-binary", ":all:", "--target", dir, "uv=="+uvVersion)
	command.Env = append(os.Environ(), "PIP_REQUIRE_VIRTUALENV=false")
	if output, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("uv isn't in PATH, and pip couldn't install it (%w): install uv from https://docs.astral.sh/uv; "+
			"or python3 with pip, from https://www.python.org or by python3 -m ensurepip, and connect to the network, or set PIP_INDEX_URL to an index that you can reach\n%s", err, output)
	}
	return nil
}

func pip(arguments ...string) *exec.Cmd {
	return exec.Command(PythonProgram, append([]string{"-m", "pip"}, arguments...)...)
}

func (u uvProgram) command(dir string, arguments ...string) *exec.Cmd {
	command := exec.Command(u.path, append(arguments, "--quiet", "--color", "never")...)
	command.Dir = dir
	command.Env = append(os.Environ(), "UV_PYTHON_DOWNLOADS=never", "UV_COMPILE_BYTECODE=0")
	return command
}

func (r *requirements) findUV() (uvProgram, error) {
	uv, err := findUV()
	if err != nil {
		err = fmt.Errorf("installing %s of %s needs uv: %w", r.name, r.dir, err)
	}
	return uv, err
}

// install installs packages for the function's machine.
//
// See: https://docs.astral.sh/uv/reference/cli/#uv-pip-install
func (r *requirements) install(target string) error {
	uv, err := r.uv()
	if err != nil {
		return err
	}
	target, err = filepath.Abs(target)
	if err != nil {
		return err
	}
	file := filepath.Join(r.dir, r.name)
	if r.name == uvLockFile {
		file = filepath.Join(filepath.Dir(target), requirementsFile)
		if err := r.export(uv, file); err != nil {
			return err
		}
	}
	selected, err := r.python.uvArguments()
	if err != nil {
		return err
	}
	settings, _, err := uvSettings(r.dir)
	if err != nil {
		return err
	}
	indexes, variables := r.pipIndexes(settings)
	// uv would link files to its cache.
	arguments := slices.Concat([]string{"pip", "install", "--link-mode", "copy", "--target", target, "--requirement", file}, selected, indexes)
	command := uv.command(r.dir, arguments...)
	command.Env = append(command.Env, variables...)
	if output, err := command.CombinedOutput(); err != nil {
		return r.failure(err, string(output))
	}
	return normalize(target)
}

// uvArguments returns the arguments of uv that select wheels.
func (p *Python) uvArguments() ([]string, error) {
	if p.Native {
		python := p.executable()
		if python == "" {
			return nil, fmt.Errorf("the context key cloudfurl:python is %s, and there is no such Python in PATH: give the version of your python3", p.Version)
		}
		return []string{"--python", python}, nil
	}
	platform := cpus[p.Architecture] + "-" + p.manylinux()
	// Lambda updates its runtimes to new patch versions, whose number isn't known
	// here: newer than those that packages work around.
	return []string{"--system", "--only-binary", ":all:", "--python-platform", platform, "--python-version", p.Version + ".99"}, nil
}

// export writes the packages of a uv.lock, with their hashes.
//
// See: https://docs.astral.sh/uv/reference/cli/#uv-export
func (r *requirements) export(uv uvProgram, file string) error {
	command := uv.command(r.dir, "export", "--frozen", "--no-dev", "--no-emit-project", "--no-header", "--no-annotate", "--format", "requirements-txt")
	var complaint strings.Builder
	command.Stderr = &complaint
	exported, err := command.Output()
	if err != nil {
		return fmt.Errorf("uv couldn't export %s of %s (%w):\n%s", r.name, r.dir, err, complaint.String())
	}
	if err := checkBuilding(filepath.Join(r.dir, r.name)+", as exported", string(exported)); err != nil {
		return err
	}
	return os.WriteFile(file, exported, plain)
}

var (
	// unknownSettings matches settings that name files, which may change.
	unknownSettings = regexp.MustCompile(`(?im)find-links|file:|^(UV|PIP)_(FIND_LINKS|CONSTRAINT|OVERRIDE|EXCLUDE)=.`)

	// builds matches settings that make uv build packages, whatever its command says.
	// Its variables don't.
	//
	// Seen: uv 0.13.9.
	builds = regexp.MustCompile(`(?m)^[^#\n]*no-binary`)
)

// uvSettings returns the settings of uv and pip on this machine: variables, and
// configuration files of uv. It returns known false if they name files.
//
// Left out: pip's configuration files, which count when packages are installed.
func uvSettings(dir string) (settings []string, known bool, err error) {
	for _, name := range uvFiles(dir) {
		text, err := os.ReadFile(name)
		if err != nil {
			continue
		}
		if builds.Match(text) {
			return nil, false, fmt.Errorf("%s sets no-binary, by which uv would build packages for this machine: remove the setting, or set UV_NO_CONFIG=1", name)
		}
		settings = append(settings, string(text))
	}
	settings = slices.Concat(variables("UV_"), variables("PIP_"), settings)
	return settings, !slices.ContainsFunc(settings, unknownSettings.MatchString), nil
}

// uvFiles returns the paths where uv looks for its configuration.
//
// See: https://docs.astral.sh/uv/concepts/configuration-files/
func uvFiles(dir string) []string {
	if none, _ := strconv.ParseBool(os.Getenv("UV_NO_CONFIG")); none {
		return nil
	}
	files := []string{os.Getenv("UV_CONFIG_FILE")}
	home, _ := os.UserHomeDir()
	places := []string{"/etc", os.Getenv("XDG_CONFIG_HOME"), os.Getenv("APPDATA"), os.Getenv("ProgramData"), filepath.Join(home, ".config")}
	for _, place := range append(places, filepath.SplitList(os.Getenv("XDG_CONFIG_DIRS"))...) {
		files = append(files, filepath.Join(place, "uv", "uv.toml"))
	}
	for {
		files = append(files, filepath.Join(dir, "uv.toml"), filepath.Join(dir, projectFile))
		above := filepath.Dir(dir)
		if above == dir {
			return files
		}
		dir = above
	}
}

var (
	// pipSetting matches a line of pip config list.
	pipSetting = regexp.MustCompile(`(?m)^\S+\.([a-z-]+)=['"](.+)['"]\r?$`)
	pipTrue    = regexp.MustCompile(`(?i)^(y|yes|t|true|on|1)$`)

	// uvIndexes matches settings of uv that name package indexes.
	uvIndexes = regexp.MustCompile(`(?m)^UV_(DEFAULT_INDEX|INDEX|INDEX_URL|EXTRA_INDEX_URL|FIND_LINKS)=.|^\s*(index|index-url|extra-index-url|find-links)\s*=|^\s*\[\[(tool\.uv\.)?index\]\]`)
	indexLine = regexp.MustCompile(`(?m)^\s*(-i|--index-url)\b`)
)

// pipIndexes returns arguments and variables that tell uv the package indexes that
// pip is set to, unless uv has some of its own: uv reads no settings of pip, and would
// ask the public index for packages of a private one.
func (r *requirements) pipIndexes(settings []string) (arguments, set []string) {
	if slices.ContainsFunc(settings, uvIndexes.MatchString) {
		return nil, nil
	}
	names := map[string]string{"index-url": "UV_DEFAULT_INDEX", "extra-index-url": "UV_EXTRA_INDEX_URL", "find-links": "UV_FIND_LINKS", "cert": "SSL_CERT_FILE"}
	if slices.ContainsFunc(slices.Collect(maps.Values(r.texts)), indexLine.MatchString) {
		// A variable would override the line.
		delete(names, "index-url")
	}
	// Without pip, there is nothing.
	output, _ := pip("config", "list").Output()
	for _, match := range pipSetting.FindAllStringSubmatch(string(output), -1) {
		separator := " "
		if match[1] == "find-links" {
			separator = ","
		}
		if name := names[match[1]]; name != "" && os.Getenv(name) == "" {
			set = append(set, name+"="+strings.Join(strings.Fields(strings.ReplaceAll(match[2], `\n`, " ")), separator))
		}
		if match[1] == "no-index" && pipTrue.MatchString(match[2]) {
			arguments = []string{"--no-index"}
		}
		// Variables, which win, are listed first.
		delete(names, match[1])
	}
	return arguments, set
}

// variables returns the variables of the environment whose names begin with a
// prefix, in any case, because npm ignores it. They are sorted.
func variables(prefix string) []string {
	found := slices.DeleteFunc(os.Environ(), func(variable string) bool {
		return !strings.HasPrefix(strings.ToLower(variable), strings.ToLower(prefix))
	})
	slices.Sort(found)
	return found
}
