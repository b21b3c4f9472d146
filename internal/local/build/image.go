package build

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"sync"

	"github.com/cloudfurl/cloudfurl/internal/dockerfile"
	"github.com/cloudfurl/cloudfurl/internal/fault"
	"github.com/cloudfurl/cloudfurl/internal/local/assembly"
	"github.com/cloudfurl/cloudfurl/internal/local/image"
	"github.com/cloudfurl/cloudfurl/internal/local/lambda"
	"github.com/cloudfurl/cloudfurl/internal/local/template"
)

// images runs functions of container images: in a container engine if one
// responds, or else with the programs of this machine.
type images struct {
	log    *slog.Logger
	engine func() *image.Engine
}

func newImages(log *slog.Logger) *images {
	return &images{log, sync.OnceValue(func() *image.Engine { return image.Find(context.Background(), log) })}
}

// program returns what runs a function of an image, or how to find that on this
// machine. A command takes the place of the image's own, and runs on this machine.
func (i *images) program(r *template.Resource, p functionProperties, command string) (config lambda.Config, find func() (lambda.Config, error), err error) {
	uri, err := p.Code.ImageUri.Value()
	if err != nil {
		config, err = i.foreign(r, "its image", command)
		return config, nil, err
	}
	asset, err := r.Image(fmt.Sprint(uri))
	if err != nil {
		return config, nil, fault.At(r.Path, fault.In("Code.ImageUri", err))
	}
	if asset == nil {
		config, err = i.foreign(r, fmt.Sprint("image ", uri), command)
		return config, nil, err
	}
	file, unread := dockerfile.Parse(asset.Dockerfile, asset.BuildArgs, asset.Target)
	return config, func() (lambda.Config, error) { return i.run(r, p, asset, file, unread, command) }, nil
}

// run runs an image in an engine, or a command on this machine. Only the command of
// the Dockerfile needs that to be read without an error.
func (i *images) run(r *template.Resource, p functionProperties, asset *assembly.Image, file *dockerfile.Image, unread error, command string) (lambda.Config, error) {
	var engine *image.Engine
	if command == "" {
		engine = i.engine()
	}
	switch {
	case unread != nil && command == "" && engine == nil:
		return lambda.Config{}, unread
	case unread != nil:
		file = &dockerfile.Image{WorkDir: "/", Adapter: true}
	}
	i.adviseAdapter(r, file)
	if engine != nil {
		return i.contained(engine, r, p, asset, file)
	}
	return i.hosted(r, p, asset, file, command)
}

// adviseAdapter logs that an image can't serve a web app on AWS.
func (i *images) adviseAdapter(r *template.Resource, file *dockerfile.Image) {
	if file.Adapter || file.FromLambda() {
		return
	}
	fault.Log(i.log, slog.LevelWarn, r.Path+" gets requests only if its command is a client of Lambda's Runtime API",
		"its Dockerfile doesn't copy AWS's Lambda Web Adapter into /opt/extensions, which would send them to a web app",
		"for a web app, add to the Dockerfile: "+dockerfile.CopyAdapter)
}

// foreign returns what runs the image of another app: a command in the current
// directory.
func (i *images) foreign(r *template.Resource, name, command string) (lambda.Config, error) {
	if command == "" {
		return lambda.Config{}, fault.At(r.Path, unsupported("Code.ImageUri",
			"give a command that runs the same app with --run "+r.LogicalID+"='COMMAND'", name+" isn't built by this app"))
	}
	dir, err := os.Getwd()
	i.log.Info(r.Path + " runs " + command + " in the current directory, in place of its image, " + servedBy(true))
	return lambda.Config{CodeDir: dir, Command: shell(command), SearchPath: machinePath(), Adapter: true}, err
}

// contained builds an image and returns how it is run in containers.
func (i *images) contained(engine *image.Engine, r *template.Resource, p functionProperties, asset *assembly.Image, file *dockerfile.Image) (lambda.Config, error) {
	built, err := engine.Build(context.Background(), asset, label(r))
	if err != nil {
		return lambda.Config{}, fault.At(r.Path, err)
	}
	options, arguments := image.Run(built, p.ImageConfig, file.Adapter || file.Extensions)
	return lambda.Config{
		CodeDir: asset.Directory, ImageEnvironment: built.Env,
		Container: &lambda.Container{Engine: engine.Path, Options: options, Image: built.Name, Arguments: arguments, Host: image.Host()},
	}, nil
}

// isImage reports whether a function's code is a container image.
func (c codeProperties) isImage() bool {
	uri, err := c.ImageUri.Value()
	return uri != nil || err != nil
}
