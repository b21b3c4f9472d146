package build

import (
	"cmp"
	"fmt"
	"log/slog"
	"maps"
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
	"github.com/cloudfurl/cloudfurl/internal/local/guard"
	"github.com/cloudfurl/cloudfurl/internal/local/lambda"
	"github.com/cloudfurl/cloudfurl/internal/local/template"
)

// An imageConfig is ImageConfig of a function: what isn't empty wins over the image.
//
// See: https://docs.aws.amazon.com/lambda/latest/api/API_ImageConfig.html
type imageConfig struct {
	Command, EntryPoint []string
	WorkingDirectory    string
}

// A hostedImage is an image whose command runs with the programs of this machine,
// in the directory that the image would be built from.
type hostedImage struct {
	*dockerfile.Image
	context    string
	searchPath []string // directories of programs
}

// hosted returns how a command, or else that of the Dockerfile, runs on this
// machine.
func (f *functions) hosted(r *template.Resource, p functionProperties, asset *assembly.Image, file *dockerfile.Image, command string) (lambda.Config, error) {
	h := &hostedImage{Image: file, context: asset.Directory}
	h.searchPath = append(h.sources(file.Env["PATH"]), machinePath()...)
	config := lambda.Config{Adapter: file.Adapter, ImageEnvironment: h.environment(), SearchPath: h.searchPath}
	workDir := cmp.Or(p.ImageConfig.WorkingDirectory, file.WorkDir)
	dir, known := h.Source(h.context, workDir)
	if info, err := os.Stat(dir); !known || err != nil || !info.IsDir() {
		dir, known = h.context, workDir == "/"
	}
	config.CodeDir = dir
	if command != "" {
		config.Command = guard.Shell(command)
		f.log.Info(r.Path + " runs " + command + " in place of its image, " + servedBy(file.Adapter))
		return config, nil
	}
	var err error
	if config.Command, err = h.command(p.ImageConfig, runInstead(r)); err != nil {
		return config, fault.At(r.Path, err)
	}
	fault.Log(f.log, slog.LevelInfo, r.Path+" runs without a container, with this machine's programs: "+strings.Join(config.Command, " "),
		h.untested(), "if the app depends on that, "+runInstead(r))
	if !known {
		fault.Log(f.log, slog.LevelWarn, r.Path+" runs in "+dir, "no COPY of its Dockerfile brings the directory "+workDir+" from there",
			"copy the app into WORKDIR, or "+runInstead(r))
	}
	return config, nil
}

// runInstead is what to do about an image that this machine's programs can't run.
func runInstead(r *template.Resource) string {
	return "set a command with --run " + r.LogicalID + "='COMMAND'"
}

// command returns the words of the image's command, with paths of the build directory.
func (h *hostedImage) command(config imageConfig, hint string) ([]string, error) {
	entryPoint, command := h.Entrypoint, h.Cmd
	if len(config.EntryPoint) > 0 {
		entryPoint = config.EntryPoint
	}
	if len(config.Command) > 0 {
		command = config.Command
	}
	words := slices.Concat(entryPoint, command)
	switch {
	case h.Unsupported != nil:
		return nil, unsupported("Code.ImageUri", hint, "needs --run: "+h.Unsupported.Error())
	case h.FromLambda() && len(h.Entrypoint)+len(config.EntryPoint) == 0:
		return nil, unsupported("Code.ImageUri", hint, "needs the entry point of its base image "+h.Base+", which this machine doesn't have")
	case len(words) == 0:
		return nil, unsupported("Code.ImageUri", "write CMD into the Dockerfile, or "+hint, "runs the command of its base image "+h.Base+", which this machine doesn't have")
	}
	for n := range words {
		words[n] = imagePath.ReplaceAllStringFunc(words[n], func(match string) string {
			slash := strings.Index(match, "/")
			if found, ok := h.Source(h.context, match[slash:]); ok {
				return match[:slash] + found
			}
			return match
		})
	}
	program, found := h.program(words[0])
	if !found {
		return nil, fault.New("install it, start cloudfurl with its directory in PATH, such as bin of a virtual environment, or "+hint,
			"%s isn't on this machine, and the command of its image runs it", program)
	}
	words[0] = program
	return words, nil
}

// imagePath matches absolute paths in the words of a command.
var imagePath = regexp.MustCompile("(^|[\\s\"'=:;&|(`])(/[^\\s\"'=:;&|()`$<>]+)")

// otherNames are names that a program of an image may have on this machine.
var otherNames = map[string]string{"python": "python3"}

// program returns a program as this machine has it: at the same path, or by the same
// name in PATH.
func (h *hostedImage) program(name string) (string, bool) {
	if strings.Contains(name, "/") && (!path.IsAbs(name) && !filepath.IsAbs(name) || isFile(name)) {
		return name, true
	}
	for _, candidate := range []string{path.Base(name), otherNames[path.Base(name)]} {
		inPath := func(dir string) bool {
			_, err := exec.LookPath(filepath.Join(dir, candidate))
			return err == nil
		}
		if candidate != "" && slices.ContainsFunc(h.searchPath, inPath) {
			return candidate, true
		}
	}
	return name, false
}

// environment returns the variables of the image. PATH is this machine's.
//
// See: https://docs.python.org/3/using/cmdline.html#envvar-PYTHONPATH
// and https://nodejs.org/api/modules.html#loading-from-the-global-folders
func (h *hostedImage) environment() map[string]string {
	values := maps.Clone(h.Env)
	delete(values, "PATH")
	for _, name := range []string{"PYTHONPATH", "NODE_PATH"} {
		if list, ok := values[name]; ok {
			values[name] = strings.Join(h.sources(list), string(filepath.ListSeparator))
		}
	}
	return values
}

// sources returns the directories of a list with colons that the image gets from the
// build directory.
func (h *hostedImage) sources(list string) (dirs []string) {
	for _, dir := range strings.Split(list, ":") {
		if found, ok := h.Source(h.context, dir); ok && path.IsAbs(dir) {
			dirs = append(dirs, found)
		}
	}
	return dirs
}

// untested says what running the command alone doesn't test.
func (h *hostedImage) untested() string {
	text := "its base image " + h.Base + ", its user, architecture and extensions aren't tested"
	if len(h.NotExecuted) > 0 {
		lines := strings.Trim(strings.ReplaceAll(fmt.Sprint(h.NotExecuted), " ", ", "), "[]")
		text += ", and RUN and COPY --from of its Dockerfile aren't executed, so this machine must have what they install or make (line " + lines + ")"
	}
	return text
}

func isFile(name string) bool {
	info, err := os.Stat(name)
	return err == nil && !info.IsDir()
}
