package image

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"maps"
	"os/exec"
	"slices"
	"strings"
	"time"

	"github.com/cloudfurl/cloudfurl/internal/fault"
	"github.com/cloudfurl/cloudfurl/internal/local/assembly"
)

// A Built is an image that the engine has, with what its Dockerfile and base image
// say about its process.
type Built struct {
	Name       string
	Entrypoint []string
	Cmd        []string
	Env        map[string]string
}

// Build builds the image of a function, with the output of the build in the log, and
// returns what it says about its process. The engine's cache makes it fast if nothing
// changed. The log names the function by its label.
func (e *Engine) Build(ctx context.Context, asset *assembly.Image, label string) (*Built, error) {
	log, tag := e.log.With("source", label), "cloudfurl-"+strings.ToLower(asset.Hash)
	log.Info("builds its container image with " + e.Name)
	cmd := exec.CommandContext(ctx, e.Path, buildArguments(asset, tag)...)
	cmd.Dir = asset.Directory // sources of secrets are relative to it
	cmd.WaitDelay = time.Second
	output, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	cmd.Stderr = cmd.Stdout
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	var last string
	for lines := bufio.NewScanner(output); lines.Scan(); {
		if line := strings.TrimSpace(lines.Text()); line != "" {
			last = line
			log.Info(line)
		}
	}
	_, _ = io.Copy(io.Discard, output) // after a line that is too long
	if err := cmd.Wait(); err != nil {
		return nil, fault.At(asset.Dockerfile, fault.New("read the lines before", "%s can't build the image: %s", e.Name, lastLine(last, err.Error())))
	}
	return e.inspect(ctx, tag)
}

// buildArguments returns the arguments of the client that builds an image.
//
// See: https://docs.docker.com/reference/cli/docker/buildx/build/
func buildArguments(asset *assembly.Image, tag string) []string {
	args := []string{"build", "--tag", tag, "--file", asset.Dockerfile}
	for _, option := range []struct{ name, value string }{
		{"--target", asset.Target}, {"--platform", asset.Platform}, {"--network", asset.NetworkMode},
	} {
		if option.value != "" {
			args = append(args, option.name, option.value)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(asset.BuildArgs)) {
		args = append(args, "--build-arg", name+"="+asset.BuildArgs[name])
	}
	for _, id := range slices.Sorted(maps.Keys(asset.Secrets)) {
		args = append(args, "--secret", "id="+id+","+asset.Secrets[id])
	}
	return append(args, asset.Directory)
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
