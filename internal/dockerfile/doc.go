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
