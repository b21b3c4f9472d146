// Package dockerfile says what a container would run that is built from a
// Dockerfile: its variables, directory and command, and where the files that it
// copies come from.
//
// It reads what Dockerfiles of web apps have: FROM with several stages, ARG, ENV,
// WORKDIR, COPY, EXPOSE, SHELL, ENTRYPOINT, CMD, $VAR, ${VAR:-word} and ${VAR:+word}.
// RUN and COPY --from are noted and not executed, so the base image is known by its
// name only; what a stage has from the build context is followed into others. Left
// out: ONBUILD, numbers of stages, Windows, and other syntaxes than Docker's own
// (# syntax=).
//
// Docker's parser, in github.com/moby/buildkit, isn't used, and neither are those
// around it: they would take the module graph of every app that uses package infra
// from 62 to more than 200 modules.
//
// See: https://docs.docker.com/reference/dockerfile/
package dockerfile

import (
	"os"
	"runtime"
	"strings"

	"github.com/cloudfurl/cloudfurl/internal/fault"
)

// An Image is what a Dockerfile says of the image that it builds.
type Image struct {
	// Base is the reference of the image that it begins with, or scratch. Stages
	// in between are followed.
	Base string

	// Env are the variables that ENV sets. Those of the base image aren't known.
	Env map[string]string

	// WorkDir is the absolute directory that the command runs in.
	WorkDir string

	// Entrypoint and Cmd are the words of the command; the shell form is wrapped
	// in the shell as Docker does. Both are empty if the base image's apply.
	Entrypoint, Cmd []string

	// Ports are those of EXPOSE, such as 8080 or 8080/tcp.
	Ports []string

	// Adapter is true if AWS's Lambda Web Adapter is copied into /opt/extensions.
	Adapter bool

	// NotExecuted are the lines of RUN, of COPY --from but for the adapter's, and of
	// COPY and ADD of what isn't in the build context.
	NotExecuted []int

	// Unsupported is about the first thing that this package doesn't read, or nil.
	// What that sets is missing or wrong.
	Unsupported error

	copies []copied
}

// maxFile bounds a Dockerfile, in bytes.
const maxFile = 128 << 10

// Parse returns the image that a Dockerfile builds with build arguments up to the
// stage that target names, or the last one. An error is a *fault.Error whose Where is
// the file and line, about what Docker rejects too.
func Parse(file string, buildArgs map[string]string, target string) (*Image, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, fault.At(file, fault.New("write the Dockerfile, or correct its path", "can't be read: %w", err))
	}
	if len(text) > maxFile {
		return nil, fault.At(file, fault.New("move long commands to scripts", "has more than %d bytes", maxFile))
	}
	// See: https://docs.docker.com/reference/dockerfile/#automatic-platform-args-in-the-global-scope
	global := &stage{args: map[string]string{"TARGETPLATFORM": "linux/" + runtime.GOARCH, "TARGETOS": "linux", "TARGETARCH": runtime.GOARCH}}
	p := &parser{file: file, buildArgs: buildArgs, global: global, stage: global}
	p.scan(string(text))
	found := p.stage
	if target != "" {
		found = p.find(target)
	}
	switch {
	case p.err != nil:
		return nil, p.err
	case len(p.stages) == 0:
		return nil, fault.At(file, fault.New("begin with FROM", "has no FROM"))
	case found == nil:
		return nil, fault.At(file, fault.New("write FROM IMAGE AS "+target+", or give the name of another stage", "has no stage %q", target))
	}
	return &found.Image, nil
}

// FromLambda reports whether the base image is one of AWS for Lambda, which brings
// a runtime and its own entry point.
//
// See: https://docs.aws.amazon.com/lambda/latest/dg/images-create.html
func (i *Image) FromLambda() bool {
	return strings.Contains(i.Base, "public.ecr.aws/lambda/") || strings.Contains(i.Base, "amazon/aws-lambda-")
}
