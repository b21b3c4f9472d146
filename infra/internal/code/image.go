package code

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/cloudfurl/cloudfurl/internal/dockerfile"
	"github.com/cloudfurl/cloudfurl/internal/fault"
)

// lambdaImages is the prefix of AWS's base images, which start Lambda's own runtime
// unless they get another ENTRYPOINT.
//
// See: https://github.com/aws/aws-lambda-web-adapter/blob/main/docs/guide/src/getting-started/docker-images.md
const lambdaImages = "public.ecr.aws/lambda/"

// An Image is the container image of a web app that a Dockerfile defines.
type Image struct {
	// Dockerfile is the path of the Dockerfile in Dir.
	Dir, Dockerfile string

	parsed *dockerfile.Image
}

// NewImage returns the image of a stage of a Dockerfile, or why the adapter couldn't
// serve it.
func NewImage(dir, name, target string, arguments map[string]string) (*Image, error) {
	file := filepath.Join(dir, filepath.FromSlash(name))
	if !hasFile(dir, name) {
		return nil, fmt.Errorf("ImageHandler got the directory %s, which has no %s: write one, or set File", dir, name)
	}
	parsed, err := dockerfile.Parse(file, arguments, target)
	switch {
	case err != nil:
		return nil, fmt.Errorf("ImageHandler can't use %s", sentence(err))
	case !parsed.Adapter:
		return nil, fmt.Errorf("the last stage of %s doesn't have AWS's Lambda Web Adapter, so Lambda couldn't send the app requests: add the line\n%s", file, dockerfile.CopyAdapter)
	case strings.HasPrefix(parsed.Base, lambdaImages) && len(parsed.Entrypoint) == 0:
		return nil, fmt.Errorf("%s is based on %s, which starts Lambda's own runtime in place of the app: set ENTRYPOINT to what starts the app, or use another base image",
			file, parsed.Base)
	}
	return &Image{dir, name, parsed}, nil
}

// sentence returns an error with what to do about it.
func sentence(err error) string {
	if hint := fault.HintOf(err); hint != "" {
		return err.Error() + ": " + hint
	}
	return err.Error()
}

// Adapter returns the settings with those that the function's variables and the
// Dockerfile say as defaults, or why the adapter wouldn't accept these.
func (i *Image) Adapter(settings Adapter, variables map[string]string) (Adapter, error) {
	var defaults Adapter
	if settings.Port == "" {
		var err error
		if defaults.Port, err = i.port(variables); err != nil {
			return settings, err
		}
		settings.Port = defaults.Port
	}
	if settings.ReadinessCheckPath == "" {
		defaults.ReadinessCheckPath = i.parsed.Env[variableReadinessPath]
		settings.ReadinessCheckPath = defaults.ReadinessCheckPath
	}
	return settings, defaults.Check()
}

// port returns the port that the function's variables say, or else the Dockerfile, by
// its variables or what it exposes, or "".
func (i *Image) port(variables map[string]string) (string, error) {
	port, err := portOf("FunctionOptions.Environment", variables)
	if port == "" && err == nil {
		port, err = portOf(i.Dockerfile, i.parsed.Env)
	}
	if port == "" && len(i.parsed.Ports) == 1 {
		port, _, _ = strings.Cut(i.parsed.Ports[0], "/")
	}
	return port, err
}

// portOf returns the port that variables of a source say, or "".
func portOf(source string, variables map[string]string) (string, error) {
	for _, name := range []string{variableAdapterPort, variablePort} {
		value, ok := variables[name]
		if !ok {
			continue
		}
		port, err := strconv.ParseFloat(value, 64)
		if err != nil {
			return "", fmt.Errorf("%s sets %s to %q: set it to a number, or remove it and set Port", source, name, value)
		}
		return strconv.FormatFloat(port, 'f', -1, 64), nil
	}
	return "", nil
}

// Ignored returns the patterns of the Dockerfile's own .dockerignore, which CDK
// doesn't read.
//
// See: https://docs.docker.com/build/concepts/context/#dockerignore-files
func (i *Image) Ignored() []string {
	name := i.Dockerfile + ".dockerignore"
	text, err := os.ReadFile(filepath.Join(i.Dir, filepath.FromSlash(name)))
	if err != nil {
		return nil
	}
	lines := strings.Split(strings.ReplaceAll(string(text), "\r", ""), "\n")
	return append(slices.DeleteFunc(lines, func(line string) bool { return strings.TrimSpace(line) == "" }), "!"+name)
}
