// Package dockerfile says what a container would run that is built from a
// Dockerfile: its variables, directory and command, and where the files that it
// copies come from.
//
// It reads the instructions and doesn't execute them, so it knows nothing of the
// base image beyond its name, and of what RUN changes. Left out: ONBUILD, Windows
// paths, and other syntaxes than Docker's own (# syntax=).
//
// Docker's parser, in github.com/moby/buildkit, isn't used: it would more than
// quadruple the module graph of every app that uses package infra, and requires a
// newer Go.
//
// See: https://docs.docker.com/reference/dockerfile/
package dockerfile
