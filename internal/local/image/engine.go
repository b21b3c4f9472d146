package image

import (
	"context"
	"log/slog"
	"os/exec"
	"strings"
	"sync"
	"time"

	"github.com/cloudfurl/cloudfurl/internal/fault"
)

// engines are the clients that are tried, in this order, with the command that
// fails if the engine itself doesn't run.
//
// See: https://docs.docker.com/reference/cli/docker/version/
// and https://docs.podman.io/en/latest/markdown/podman-info.1.html
var engines = []struct{ name, probe string }{{"docker", "version"}, {"podman", "info"}, {"finch", "info"}}

// probeLimit bounds how long a client may take to say whether its engine runs.
const probeLimit = 5 * time.Second

// An Engine is a container engine that responds.
type Engine struct {
	// Name is docker, podman or finch, and Path is the client's file.
	Name, Path string

	log *slog.Logger
}

// logged holds the problems that were logged, so that each is logged once however
// often an app is synthesized.
var logged sync.Map

// Find returns the first engine that responds, or nil. It logs why one that is
// installed can't be used.
func Find(ctx context.Context, log *slog.Logger) *Engine {
	for _, engine := range engines {
		path, err := exec.LookPath(engine.name)
		if err != nil {
			continue
		}
		problem := probe(ctx, path, engine.probe)
		if problem == "" {
			return &Engine{engine.name, path, log}
		}
		if _, known := logged.LoadOrStore(problem, true); !known {
			fault.Log(log, slog.LevelWarn, engine.name+" can't be used", problem, "start its engine to run container images as they are")
		}
	}
	return nil
}

// probe returns why the engine of a client doesn't respond, or "".
func probe(ctx context.Context, path, command string) string {
	ctx, cancel := context.WithTimeout(ctx, probeLimit)
	defer cancel()
	cmd := exec.CommandContext(ctx, path, command)
	cmd.WaitDelay = time.Second
	output, err := cmd.CombinedOutput()
	switch {
	case ctx.Err() != nil:
		return path + " " + command + " took longer than " + probeLimit.String()
	case err != nil:
		return path + " " + command + ": " + lastLine(string(output), err.Error())
	}
	return ""
}

// lastLine returns the last line of output that isn't empty, where clients write
// their errors.
func lastLine(output, otherwise string) string {
	lines := strings.Split(strings.TrimSpace(output), "\n")
	if last := strings.TrimSpace(lines[len(lines)-1]); last != "" {
		return last
	}
	return otherwise
}
