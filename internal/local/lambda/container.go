package lambda

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/cloudfurl/cloudfurl/internal/fault"
)

// A Container says how a container engine runs the image of a function. Each
// environment is a container of its own, which uses the Runtime API over the
// network.
//
// Inferred: no engine was at hand. The tests use a program in the place of its
// client.
type Container struct {
	// Engine is the path of the engine's client, such as /usr/bin/docker.
	Engine string

	// Options are further ones of the client's run command.
	Options []string

	// Image is the image, and Arguments are what follows it.
	Image     string
	Arguments []string

	// Host is the name by which a container reaches this machine's loopback
	// addresses. Default: it shares them
	Host string
}

// removalLimit bounds how long an engine may take to remove a container.
const removalLimit = 10 * time.Second

// hostVariables are those of a process on this machine. A container has its own.
var hostVariables = []string{"PATH", "LANG", "TMPDIR", "LD_LIBRARY_PATH", "LAMBDA_TASK_ROOT"}

// containerCommand returns the client's command that runs the environment's
// container. Other users can't read the variables in it: they are in a file, or
// in the client's own variables if that can't hold them.
func (e *environment) containerCommand() (command, error) {
	c := e.function.config.Container
	e.container = "cloudfurl-" + NewRequestID()
	file := filepath.Join(e.tempDir, "variables")
	args := []string{"run", "--rm", "--init", "--name", e.container, "--env-file", file}
	client := os.Environ()
	var text strings.Builder
	values := e.containerVariables()
	for _, name := range slices.Sorted(maps.Keys(values)) {
		if strings.ContainsAny(values[name], "\r\n") {
			args, client = append(args, "--env", name), append(client, name+"="+values[name])
			continue
		}
		fmt.Fprintf(&text, "%s=%s\n", name, values[name])
	}
	args = append(append(args, c.Options...), c.Image)
	e.forgetGuard = guardWhile("container", e.container, c.Engine)
	return command{
		program: c.Engine, args: append(args, c.Arguments...), dir: e.function.config.CodeDir, variables: client,
	}, os.WriteFile(file, []byte(text.String()), 0o600)
}

// containerVariables returns the variables of the environment's container.
func (e *environment) containerVariables() map[string]string {
	values := maps.Clone(e.values)
	for _, name := range hostVariables {
		if _, given := e.function.config.Environment[name]; !given {
			delete(values, name)
		}
	}
	return values
}

// runtimeAPI returns the address of the Runtime API as the runtime sees it.
func (e *environment) runtimeAPI() string {
	address := e.listener.Addr().String()
	container := e.function.config.Container
	if container == nil || container.Host == "" {
		return address
	}
	_, port, _ := net.SplitHostPort(address)
	return net.JoinHostPort(container.Host, port)
}

// removeContainer ends the environment's container, which may go on when its
// client has been killed.
func (e *environment) removeContainer() {
	ctx, cancel := context.WithTimeout(context.Background(), removalLimit)
	defer cancel()
	output, err := exec.CommandContext(ctx, e.function.config.Container.Engine, "rm", "--force", e.container).CombinedOutput()
	if err != nil && !strings.Contains(strings.ToLower(string(output)), "no such container") {
		fault.Log(e.log, slog.LevelWarn, "can't remove the container "+e.container, strings.TrimSpace(err.Error()+": "+string(output)), "remove it yourself")
	}
	e.forgetGuard()
}
