// Package guard ends what this program has started, and removes what it has written, when
// the program is gone, however it went: a signal such as SIGKILL leaves it no time.
// A group of processes also ends while the program runs.
//
// Left out: on macOS, descendants that leave the process group of their environment: it
// doesn't tell the variables of processes. On Windows, the directory of a program that is
// ended by force.
package guard
