// Package infra defines AWS CDK constructs for a response-streaming Lambda
// function URL that is reachable only through CloudFront.
//
// Endpoint defines the whole path in one construct. It is built from smaller
// ones, each usable on its own:
//
//   - GoHandler, WebAppHandler, ImageHandler, PythonHandler: programs in Go; web
//     apps in Python, Node.js or a container image, which AWS's Lambda Web Adapter
//     serves; and Python functions.
//   - HandlerFunction: a Lambda function that runs a Handler.
//   - StreamingOrigin: the function's URL as a CloudFront origin that rejects
//     every other caller.
//   - StreamingBehavior, AddStreamingBehavior: the behaviour of a distribution
//     whose requests go to a StreamingOrigin.
//   - OriginalHost: the CloudFront Function that keeps the viewer's Host and
//     Authorization headers, and runs other code at viewer-request.
//   - BodyHasher: the Lambda@Edge function that hashes request bodies.
//   - EdgeStack: the stack in us-east-1 that contains a BodyHasher.
//   - StaticFiles: a directory in a private bucket that CloudFront serves.
//   - AccessLogs, Monitoring: the logs of a distribution, and the dashboard and
//     alarms of an Endpoint.
//
// Values that may be CDK tokens have awscdk's types, such as *string or
// IFunction; all others are plain Go types. A constructor that can't use its
// props panics with an *Error. Construct ids are part of the package's
// interface: changing one would replace deployed resources.
package infra
