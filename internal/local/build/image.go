package build

import (
	"fmt"
	"log/slog"
	"os"

	"github.com/cloudfurl/cloudfurl/internal/dockerfile"
	"github.com/cloudfurl/cloudfurl/internal/fault"
	"github.com/cloudfurl/cloudfurl/internal/local/assembly"
	"github.com/cloudfurl/cloudfurl/internal/local/guard"
	"github.com/cloudfurl/cloudfurl/internal/local/lambda"
	"github.com/cloudfurl/cloudfurl/internal/local/template"
)

// image returns what runs a function of an image, or how to find that on this
// machine. A command takes the place of the image's own, and runs on this machine.
func (f *functions) image(r *template.Resource, p functionProperties, command string) (config lambda.Config, find func() (lambda.Config, error), err error) {
	uri, err := p.Code.ImageUri.Value()
	if err != nil {
		config, err = f.foreignImage(r, "its image", command)
		return config, nil, err
	}
	asset, err := r.Image(fmt.Sprint(uri))
	if err != nil {
		return config, nil, fault.At(r.Path, fault.In("Code.ImageUri", err))
	}
	if asset == nil {
		config, err = f.foreignImage(r, fmt.Sprint("image ", uri), command)
		return config, nil, err
	}
	file, unread := dockerfile.Parse(asset.Dockerfile, asset.BuildArgs, asset.Target)
	return config, func() (lambda.Config, error) { return f.runImage(r, p, asset, file, unread, command) }, nil
}

// runImage runs a command, or else that of the Dockerfile, which only then has to be read
// without an error.
func (f *functions) runImage(r *template.Resource, p functionProperties, asset *assembly.Image, file *dockerfile.Image, unread error, command string) (lambda.Config, error) {
	switch {
	case unread != nil && command == "":
		return lambda.Config{}, unread
	case unread != nil:
		file = &dockerfile.Image{WorkDir: "/", Adapter: true}
	}
	f.adviseAdapter(r, file)
	return f.hosted(r, p, asset, file, command)
}

// adviseAdapter logs that an image can't serve a web app on AWS.
func (f *functions) adviseAdapter(r *template.Resource, file *dockerfile.Image) {
	if file.Adapter || file.FromLambda() {
		return
	}
	fault.Log(f.log, slog.LevelWarn, r.Path+" gets requests only if its command is a client of Lambda's Runtime API",
		"its Dockerfile doesn't copy AWS's Lambda Web Adapter into /opt/extensions, which would send them to a web app",
		"for a web app, add to the Dockerfile: "+dockerfile.CopyAdapter)
}

// foreignImage returns what runs the image of another app: a command in the current
// directory.
func (f *functions) foreignImage(r *template.Resource, name, command string) (lambda.Config, error) {
	if command == "" {
		return lambda.Config{}, fault.At(r.Path, unsupported("Code.ImageUri",
			"set a command that runs the same app with --run "+r.LogicalID+"='COMMAND'", name+" isn't built by this app"))
	}
	dir, err := os.Getwd()
	f.log.Info(r.Path + " runs " + command + " in the current directory, in place of its image, " + servedBy(true))
	return lambda.Config{CodeDir: dir, Command: guard.Shell(command), SearchPath: machinePath(), Adapter: true}, err
}

// isImage reports whether a function's code is a container image.
func (c codeProperties) isImage() bool {
	uri, err := c.ImageUri.Value()
	return uri != nil || err != nil
}
