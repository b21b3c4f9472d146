// Package lambda emulates AWS Lambda on this machine: a Function is a pool of
// execution environments, each a real process that speaks the Runtime API over
// loopback, started on demand, reused, and killed when it exceeds its limits.
//
// It supports the Runtime API 2018-06-01 with buffered and streamed responses,
// the init phase and its limit, timeouts, one request at a time per environment,
// reserved concurrency, the environment variables that Lambda sets, the types and
// messages of Lambda's errors, resource policies, internal extensions as far as
// SIGTERM needs them, and three families of runtimes: provided, nodejs and python.
//
// Left out: layers, external extensions, container images, exec wrappers,
// SnapStart, provisioned concurrency, the AWS SDKs that the managed runtimes
// bundle, freezing idle environments (all but the last used end after a minute),
// and the limits on memory, CPU and /tmp. The code runs from its own directory
// instead of /var/task, and TMPDIR names the environment's own temporary
// directory, because /tmp is the machine's. Lambda runs a crashed init phase once
// more before it responds; here the first crash fails the request. Processes need
// a Unix system.
//
// See: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
// See: https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
package lambda
