// Package image builds container images with the engine of this machine, and says
// how a function's container is run from them.
//
// It uses the client of Docker, Podman or Finch, whichever responds. Left out:
// SSH agents, cache settings and further contexts of builds, the user that Lambda
// runs containers as, and limits of memory and CPU.
//
// Inferred: no engine was at hand. The tests use a program in the place of its
// client.
package image
