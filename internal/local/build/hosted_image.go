package build

import (
	"cmp"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/cloudfurl/cloudfurl/internal/dockerfile"
	"github.com/cloudfurl/cloudfurl/internal/fault"
	"github.com/cloudfurl/cloudfurl/internal/local/assembly"
	"github.com/cloudfurl/cloudfurl/internal/local/lambda"
	"github.com/cloudfurl/cloudfurl/internal/local/template"
)

// A hostedImage is an image whose command runs with the programs of this machine,
// in the directory that the image would be built from.
type hostedImage struct {
	r       *template.Resource
	asset   *assembly.Image
	file    *dockerfile.Image
	workDir string   // in the image
	path    []string // directories of programs
}

// hosted returns how a command, or else that of the Dockerfile, runs on this
// machine.
func (i *images) hosted(r *template.Resource, p functionProperties, asset *assembly.Image, file *dockerfile.Image, command string) (lambda.Config, error) {
	h := &hostedImage{r: r, asset: asset, file: file, workDir: cmp.Or(p.ImageConfig.WorkingDirectory, file.WorkDir)}
	h.path = append(h.mappedDirectories(file.Env["PATH"]), machinePath()...)
	dir, known := h.directory()
	config := lambda.Config{CodeDir: dir, Adapter: file.Adapter, ImageEnvironment: h.environment(), SearchPath: h.path}
	if command != "" {
		config.Command = shell(command)
		i.log.Info(r.Path + " runs " + command + " in place of its image, " + servedBy(file.Adapter))
		return config, nil
	}
	words, err := h.words(p)
	if err != nil {
		return config, fault.At(r.Path, err)
	}
	config.Command = words
	i.adviseHosted(h, words, known)
	return config, nil
}

// words returns the command of the image, with paths of the build directory.
func (h *hostedImage) words(p functionProperties) ([]string, error) {
	override := p.ImageConfig.override()
	run := "run it with --run " + h.r.LogicalID + "='COMMAND'"
	if h.file.FromLambda() && len(h.file.Entrypoint)+len(override.EntryPoint) == 0 {
		return nil, unsupported("Code.ImageUri", "start a container engine (Docker, Podman or Finch), or "+run,
			"needs the entry point of its base image "+h.file.Base+", which this machine doesn't have")
	}
	words := override.Words(h.file.Entrypoint, h.file.Cmd)
	if len(words) == 0 {
		return nil, unsupported("Code.ImageUri", "write CMD into the Dockerfile, start a container engine (Docker, Podman or Finch), or "+run,
			"runs the command of its base image "+h.file.Base+", which this machine doesn't have")
	}
	words = h.mapped(words)
	program, found := h.program(words)
	if found {
		words[0] = program
		return words, nil
	}
	place, property := fmt.Sprintf("line %d of its Dockerfile", h.file.CommandLine()), ""
	if len(override.Command)+len(override.EntryPoint) > 0 {
		place, property = "it", "ImageConfig"
	}
	return nil, fault.In(property, fault.New("install it, or start cloudfurl with its directory in PATH, such as bin of a virtual environment; or "+run,
		"%s isn't on this machine, and %s runs it", program, place))
}

// otherNames are names that a program of an image may have on this machine.
var otherNames = map[string]string{"python": "python3"}

// program returns the program of a command as this machine has it: at the same
// path, or by the same name in PATH. For a shell, it looks for what that runs. It
// returns false and the program's name if that isn't there.
func (h *hostedImage) program(words []string) (string, bool) {
	name := words[0]
	base := path.Base(name)
	switch {
	case strings.Contains(name, "/") && !filepath.IsAbs(name):
		return name, true // in the working directory
	case filepath.IsAbs(name) && !isFile(name), !filepath.IsAbs(name):
		for _, candidate := range []string{base, otherNames[base]} {
			if candidate != "" && h.inPath(candidate) {
				return candidate, true
			}
		}
		return name, false
	}
	if len(words) == 3 && words[1] == "-c" {
		if match := shellProgram.FindStringSubmatch(words[2]); match != nil && !h.shellKnows(name, match[1]) {
			return match[1], false
		}
	}
	return name, true
}

// shellProgram matches the name of the first program of a shell command.
var shellProgram = regexp.MustCompile(`^(?:exec\s+)?([A-Za-z0-9_.+-]+)(?:\s|$)`)

// shellKnows reports whether a name is a program in PATH or a command of the shell.
func (h *hostedImage) shellKnows(shell, name string) bool {
	cmd := exec.Command(shell, "-c", `command -v "$0"`, name)
	cmd.Env = []string{"PATH=" + strings.Join(h.path, ":")}
	return cmd.Run() == nil
}

func (h *hostedImage) inPath(name string) bool {
	return slices.ContainsFunc(h.path, func(dir string) bool { return isFile(filepath.Join(dir, name)) })
}

// imagePath matches absolute paths in the words of a command.
var imagePath = regexp.MustCompile("(^|[\\s\"'=:;&|(`])(/[^\\s\"'=:;&|()`$<>]+)")

// mapped returns words with the paths of files that the image gets from the build
// directory replaced by those there.
func (h *hostedImage) mapped(words []string) []string {
	words = slices.Clone(words)
	for i := range words {
		words[i] = imagePath.ReplaceAllStringFunc(words[i], func(match string) string {
			slash := strings.Index(match, "/")
			found, ok := h.file.Source(h.asset.Directory, match[slash:])
			if !ok {
				return match
			}
			return match[:slash] + found
		})
	}
	return words
}

// directory returns where the image gets the working directory from, and whether
// that is known.
func (h *hostedImage) directory() (string, bool) {
	found, ok := h.file.Source(h.asset.Directory, h.workDir)
	if info, err := os.Stat(found); ok && err == nil && info.IsDir() {
		return found, true
	}
	return h.asset.Directory, h.workDir == "/"
}

// searchVariables name directories that the image gets from the build directory.
//
// See: https://docs.python.org/3/using/cmdline.html#envvar-PYTHONPATH
// and https://nodejs.org/api/modules.html#loading-from-the-global-folders
var searchVariables = []string{"PYTHONPATH", "NODE_PATH"}

// environment returns the variables of the image. PATH is this machine's.
func (h *hostedImage) environment() map[string]string {
	values := map[string]string{}
	for name, value := range h.file.Env {
		switch {
		case name == "PATH":
			continue
		case slices.Contains(searchVariables, name):
			value = strings.Join(h.mappedDirectories(value), ":")
		}
		values[name] = value
	}
	return values
}

// mappedDirectories returns the directories of a list with colons that the image
// gets from the build directory.
func (h *hostedImage) mappedDirectories(list string) []string {
	var dirs []string
	for _, dir := range filepath.SplitList(list) {
		if found, ok := h.file.Source(h.asset.Directory, dir); ok && filepath.IsAbs(dir) {
			dirs = append(dirs, found)
		}
	}
	return dirs
}

// adviseHosted logs what runs in place of an image, and what that doesn't test.
func (i *images) adviseHosted(h *hostedImage, words []string, dirKnown bool) {
	untested := "its base image " + h.file.Base + ", what RUN and COPY put into it, its user and its architecture aren't tested"
	if len(h.file.Extensions) > 0 {
		untested += ", and its extensions don't run: " + strings.Join(h.file.Extensions, ", ")
	}
	fault.Log(i.log, slog.LevelInfo, h.r.Path+" runs without a container, with this machine's programs: "+strings.Join(words, " "),
		"no container engine responds, so "+untested, "start Docker, Podman or Finch to run the image itself")
	if !dirKnown {
		fault.Log(i.log, slog.LevelWarn, h.r.Path+" runs in "+h.asset.Directory, "no COPY of its Dockerfile brings the directory "+h.workDir+" from there",
			"copy the app into WORKDIR, or give a command with --run "+h.r.LogicalID+"='COMMAND'")
	}
}

func isFile(name string) bool {
	info, err := os.Stat(name)
	return err == nil && !info.IsDir()
}
