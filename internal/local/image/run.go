package image

import (
	"runtime"
	"slices"
)

// GatewayHost is the name by which containers reach this machine where an engine
// runs them in a virtual machine.
//
// See: https://docs.docker.com/desktop/features/networking/
const GatewayHost = "host.docker.internal"

// startExtensions starts the extensions of an image in the background and then the
// image's own process, as Lambda does. Lambda also waits until they have
// registered, which the process doesn't notice: it gets its first event later.
//
// See: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-extensions-api.html
const startExtensions = `for extension in /opt/extensions/*; do [ -x "$extension" ] && "$extension" & done; exec "$@"`

// An Override is ImageConfig of a function: what isn't empty wins over the image.
//
// See: https://docs.aws.amazon.com/lambda/latest/api/API_ImageConfig.html
type Override struct {
	Command, EntryPoint []string
	WorkingDirectory    string
}

// Words returns the words of an image's command.
func (o Override) Words(entryPoint, command []string) []string {
	if len(o.EntryPoint) > 0 {
		entryPoint = o.EntryPoint
	}
	if len(o.Command) > 0 {
		command = o.Command
	}
	return slices.Concat(entryPoint, command)
}

// Run returns how a container of an image is run: options of the client, and the
// arguments after the image. Only /tmp can be written to, as on Lambda. If the
// image has extensions, a shell of the image starts them.
//
// See: https://docs.docker.com/reference/cli/docker/container/run/
func Run(built *Built, override Override, extensions bool) (options, arguments []string) {
	options = []string{"--read-only", "--tmpfs", "/tmp:rw,exec,mode=1777,size=512m"}
	if runtime.GOOS == "linux" {
		options = append(options, "--network", "host")
	}
	if override.WorkingDirectory != "" {
		options = append(options, "--workdir", override.WorkingDirectory)
	}
	words := override.Words(built.Entrypoint, built.Cmd)
	switch {
	case extensions:
		return append(options, "--entrypoint", "/bin/sh"), append([]string{"-c", startExtensions, "sh"}, words...)
	case len(override.EntryPoint) > 0:
		return append(options, "--entrypoint", words[0]), words[1:]
	}
	return options, override.Command
}

// Host is how containers reach the loopback addresses of this machine, or "" if
// they share them. The engines' proxies forward connections to that name to
// loopback addresses, so the Runtime API needs no other one.
func Host() string {
	if runtime.GOOS == "linux" {
		return ""
	}
	return GatewayHost
}
