// Package infra defines AWS CDK constructs for a response-streaming Lambda
// function URL behind CloudFront, locked with origin access control.
//
// Endpoint is the whole path in one construct. It is made of smaller ones, each
// usable alone:
//
//   - HandlerFunction: a Lambda function that runs a Handler, such as GoHandler.
//   - StreamingOrigin: the function's URL as a CloudFront origin that only
//     CloudFront can call.
//   - OriginalHost: the CloudFront Function that keeps the viewer's Host and
//     Authorization headers.
//   - BodyHasher: the Lambda@Edge function that hashes request bodies.
//   - EdgeStack: the stack in us-east-1 that BodyHasher lives in.
//
// A value that may be a CDK token has the type that awscdk gives it, such as
// *string or IFunction; the other values are plain Go types. A construct that
// is given props it cannot use panics with an *Error. Construct ids are part of
// the package's interface: changing one would replace deployed resources.
package infra
