// Package adapter stands in for AWS's Lambda Web Adapter 1.x: it lets a function be
// a web app that listens on a port. It waits until the app is ready, gets
// events from the environment's Runtime API, sends each to the app as an HTTP
// request, and returns what the app responds, streamed or buffered. test/adapter
// compares it with the real one.
//
// See: https://awslabs.github.io/aws-lambda-web-adapter/
// Seen: lambda_web_adapter 1.0.0-rc1, whose behavior on the wire this package follows
// where the documentation is silent. "Seen: 1.0.0-rc1" stands for it below.
//
// Left out: registering as an extension (the environment knows of the adapter
// already); several requests at a time, as Lambda Managed Instances send them;
// events other than those of function URLs and REST APIs, since nothing else invokes
// an app here; the client context, Cognito identity and tenant of an invocation;
// compression; the words of the adapter's errors and logs, also where a response
// should be; what it rejects and no client sends.
// Variables whose values the adapter ignores, or with which it exits, are errors here;
// those that it doesn't have are warnings.
package adapter
