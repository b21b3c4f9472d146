package infra

import (
	"errors"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/cloudfurl/cloudfurl/infra/internal/construct"
	"github.com/cloudfurl/cloudfurl/internal/dockerfile"
	"github.com/cloudfurl/cloudfurl/internal/fault"
)

// lambdaImages is the prefix of AWS's base images, which start Lambda's own runtime
// unless they get another ENTRYPOINT.
//
// See: https://github.com/aws/aws-lambda-web-adapter/blob/main/docs/guide/src/getting-started/docker-images.md
const lambdaImages = "public.ecr.aws/lambda/"

// image returns what the Dockerfile defines. It panics with an *Error about scope if
// the adapter couldn't serve it.
func (h imageHandler) image(scope constructs.Construct) *dockerfile.Image {
	file := filepath.Join(h.dir, filepath.FromSlash(h.dockerfile()))
	if !hasFile(h.dir, h.dockerfile()) {
		construct.Fail(scope, nil, "ImageHandler got the directory %s, which has no %s: write one, or give File", h.dir, h.dockerfile())
	}
	image, err := dockerfile.Parse(file, h.props.BuildArgs, h.props.Target)
	if err != nil {
		construct.Fail(scope, nil, "ImageHandler can't use %s", sentence(err))
	}
	switch {
	case !image.Adapter:
		construct.Fail(scope, nil, "the last stage of %s doesn't have AWS's Lambda Web Adapter, so Lambda couldn't send the app requests: add the line\n%s", file, dockerfile.CopyAdapter)
	case strings.HasPrefix(image.Base, lambdaImages) && len(image.Entrypoint) == 0:
		construct.Fail(scope, nil, "%s is based on %s, which starts Lambda's own runtime in place of the app: set ENTRYPOINT to what starts the app, or use another base image",
			file, image.Base)
	}
	return image
}

// sentence returns an error with what to do about it.
func sentence(err error) string {
	var found *fault.Error
	if errors.As(err, &found) && found.Cure != "" {
		return err.Error() + ": " + found.Cure
	}
	return err.Error()
}

// settings returns how the adapter serves an image. The function's variables, which
// may be nil, and those of the Dockerfile are the defaults of the handler's
// properties. It panics with an *Error about scope if the adapter wouldn't accept
// them.
func (h imageHandler) settings(scope constructs.Construct, image *dockerfile.Image, variables *map[string]*string) *adapterSettings {
	s := &adapterSettings{
		port:               h.props.Port,
		readinessCheckPath: h.props.ReadinessCheckPath,
		asyncInit:          h.props.AsyncInit,
	}
	if s.readinessCheckPath == "" {
		s.readinessCheckPath = image.Env[variableReadinessPath]
	}
	if s.port == nil {
		s.port = portOf(scope, "FunctionOptions.Environment", concrete(variables))
	}
	if s.port == nil {
		s.port = portOf(scope, h.dockerfile(), image.Env)
	}
	s.check(scope)
	return s
}

// checkPort panics with an *Error about scope if the Dockerfile exposes another port
// than the one that the adapter sends requests to.
func (h imageHandler) checkPort(scope constructs.Construct, image *dockerfile.Image, s *adapterSettings) {
	if port, only := exposedPort(image); s.port == nil && only && port != *s.portText() {
		construct.Fail(scope, nil, "%s exposes port %s, and the adapter sends requests to %s: give the Port that the app listens on, or set PORT by ENV",
			h.dockerfile(), port, *s.portText())
	}
}

// portOf returns the port that variables of a source say, or nil.
func portOf(scope constructs.Construct, source string, variables map[string]string) *float64 {
	for _, name := range []string{variableAdapterPort, variablePort} {
		value, ok := variables[name]
		if !ok {
			continue
		}
		port, err := strconv.ParseFloat(value, 64)
		if err != nil {
			construct.Fail(scope, nil, "%s sets %s to %q: give it a number, or remove it and give Port", source, name, value)
		}
		return jsii.Number(port)
	}
	return nil
}

// concrete returns the variables whose values are known at synthesis.
func concrete(variables *map[string]*string) map[string]string {
	known := map[string]string{}
	if variables != nil {
		for name, value := range *variables {
			if value != nil && construct.IsConcrete(value) {
				known[name] = *value
			}
		}
	}
	return known
}

// exposedPort returns the port that the Dockerfile exposes, and whether it exposes
// exactly one.
func exposedPort(image *dockerfile.Image) (port string, only bool) {
	if len(image.Ports) != 1 {
		return "", false
	}
	port, _, _ = strings.Cut(image.Ports[0], "/")
	return port, true
}
