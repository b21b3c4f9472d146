package image

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"os/exec"
	"strings"
	"time"

	"github.com/cloudfurl/cloudfurl/internal/fault"
)

// A Spec says what an image is built from.
type Spec struct {
	// Directory is what is sent to the engine, and Dockerfile a file.
	Directory, Dockerfile string

	// Target, Platform and Network may be empty.
	Target, Platform, Network string

	// BuildArgs and Secrets are by name.
	BuildArgs, Secrets map[string]string

	// Tag is the name of the image.
	Tag string

	// Label names the function in the log.
	Label string
}

// A Built is an image that the engine has, with what its Dockerfile and base image
// say about its process.
type Built struct {
	Name       string
	Entrypoint []string
	Cmd        []string
	Env        map[string]string
}

// Build builds an image, with the output of the build in the log, and returns what
// it says about its process. The engine's cache makes it fast if nothing changed.
func (e *Engine) Build(ctx context.Context, spec Spec) (*Built, error) {
	log := e.log.With("source", spec.Label)
	log.Info("builds its container image with " + e.Name)
	cmd := exec.CommandContext(ctx, e.Path, buildArguments(spec)...)
	cmd.Dir = spec.Directory // sources of secrets are relative to it
	cmd.WaitDelay = time.Second
	reader, writer := io.Pipe()
	cmd.Stdout, cmd.Stderr = writer, writer
	var last string
	logged := make(chan struct{})
	go func() {
		defer close(logged)
		lines := bufio.NewScanner(reader)
		for lines.Scan() {
			if line := strings.TrimSpace(lines.Text()); line != "" {
				last = line
				log.Info(line)
			}
		}
		_, _ = io.Copy(io.Discard, reader) // after a line that is too long
	}()
	err := cmd.Run()
	writer.Close()
	<-logged
	if err != nil {
		return nil, fault.At(spec.Dockerfile, fault.New("read the lines before", "%s can't build the image: %s", e.Name, lastLine(last, err.Error())))
	}
	return e.inspect(ctx, spec.Tag)
}

// buildArguments returns the arguments of the client that builds an image.
//
// See: https://docs.docker.com/reference/cli/docker/buildx/build/
func buildArguments(spec Spec) []string {
	args := []string{"build", "--tag", spec.Tag, "--file", spec.Dockerfile}
	for _, option := range []struct{ name, value string }{
		{"--target", spec.Target}, {"--platform", spec.Platform}, {"--network", spec.Network},
	} {
		if option.value != "" {
			args = append(args, option.name, option.value)
		}
	}
	for _, name := range sortedNames(spec.BuildArgs) {
		args = append(args, "--build-arg", name+"="+spec.BuildArgs[name])
	}
	for _, id := range sortedNames(spec.Secrets) {
		args = append(args, "--secret", "id="+id+","+spec.Secrets[id])
	}
	return append(args, spec.Directory)
}

// inspect returns what an image says about its process.
//
// See: https://docs.docker.com/reference/cli/docker/image/inspect/
func (e *Engine) inspect(ctx context.Context, name string) (*Built, error) {
	output, err := exec.CommandContext(ctx, e.Path, "image", "inspect", "--format", "{{json .Config}}", name).Output()
	var config struct {
		Env             []string
		Entrypoint, Cmd []string
	}
	if err == nil {
		err = json.Unmarshal(output, &config)
	}
	if err != nil {
		return nil, fault.New("", "%s can't inspect the image %s: %w", e.Name, name, err)
	}
	built := &Built{Name: name, Entrypoint: config.Entrypoint, Cmd: config.Cmd, Env: map[string]string{}}
	for _, line := range config.Env {
		name, value, _ := strings.Cut(line, "=")
		built.Env[name] = value
	}
	return built, nil
}
