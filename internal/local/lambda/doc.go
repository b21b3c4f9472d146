// Package lambda plays AWS Lambda on this machine: a Function is a pool of
// execution environments, each a real process that speaks the Runtime API over
// loopback, started on demand, reused, and killed when it breaks its limits.
//
// It plays: the Runtime API 2018-06-01 with buffered and streamed answers, the
// init phase and its limit, timeouts, one request at a time per environment,
// reserved concurrency, the environment variables that Lambda sets, the words
// and types of Lambda's errors, internal extensions as far as SIGTERM needs
// them, and three families of runtimes: provided, nodejs and python.
//
// It leaves out: layers, external extensions, container images, exec wrappers,
// SnapStart, provisioned concurrency, the AWS SDKs that the managed runtimes
// bundle, the freezing of idle environments, and the limits on memory, CPU and
// the size of /tmp. The code runs from its own directory instead of /var/task,
// and TMPDIR names the environment's own temporary directory, because /tmp is
// the machine's. Lambda runs a crashed init phase once more before it answers;
// here the first crash answers. Processes need a Unix system.
//
// See: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
// See: https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
package lambda
