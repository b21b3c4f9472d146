// Package lambda emulates AWS Lambda on this machine: a Function is a pool of
// execution environments, each a real process that speaks the Runtime API over
// loopback, started on demand, reused, and killed when it exceeds its limits.
// Extensions of layers are further processes of the environment.
//
// It supports the Runtime API 2018-06-01 with buffered and streamed responses,
// the init phase and its limit, timeouts, one request at a time per environment,
// reserved concurrency, the environment variables that Lambda sets, the types and
// messages of Lambda's errors, layers, wrapper scripts, and three families of runtimes:
// provided, nodejs and python. In their place a program of a container image can run, or
// an app behind package adapter, the stand-in for AWS's Lambda Web Adapter.
//
// Layers stay where they are: PATH, PYTHONPATH, NODE_PATH, LD_LIBRARY_PATH and the paths
// below /opt in the function's own variables lead to them, and a path in a script or program
// doesn't.
//
// Left out: the file systems of container images, events and errors of the Extensions API
// (2020-01-01: extensions register and wait), the Telemetry and Logs APIs, SnapStart,
// provisioned concurrency, the AWS SDKs that the managed runtimes bundle, freezing idle
// environments (all but the last used end after a minute), and the limits on memory, CPU
// and /tmp. The code runs from its own directory instead of /var/task, interpreters aren't in
// /var/lang/bin but first in PATH, LD_LIBRARY_PATH names only /opt/lib, and TMPDIR
// names the environment's own temporary directory, because /tmp is the machine's.
// Environments share the machine's ports: each has its own in PORT, in place of the
// one that the function sets. Lambda runs an init phase that crashed or took too
// long once more; here the first crash fails the request, and a slow one goes on.
// On Windows, start scripts and wrapper scripts need WSL.
//
// See: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
// See: https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
package lambda
