// Package infra defines AWS CDK constructs for a response-streaming Lambda
// function URL that is reachable only through CloudFront.
//
// Endpoint defines the whole path in one construct. It is built from smaller
// ones, each usable on its own.
//
// What serves requests:
//
//   - GoHandler, WebAppHandler, ImageHandler, PythonHandler: programs in Go; web
//     apps in any language, or in a container image, behind AWS's Lambda Web Adapter;
//     and Python functions.
//   - HandlerFunction: a Lambda function that runs a Handler.
//   - AliasOptions: an alias of that function, for provisioned concurrency and
//     canary deployments.
//   - BedrockModel: a model of Amazon Bedrock, from which functions may stream.
//   - StreamingFunctionUrl: a function and its URL without CloudFront.
//   - StaticFiles: a directory in a private bucket that CloudFront serves.
//
// How CloudFront reaches it:
//
//   - Endpoint, Endpoint.AddBehavior, Behavior: a distribution with one or more
//     streaming functions, and perhaps static files.
//   - Endpoint_FromEndpointAttributes: an Endpoint of another app, as an IEndpoint.
//   - StreamingOrigin: the function's URL as a CloudFront origin that rejects
//     every other caller.
//   - StreamingBehavior, AddStreamingBehavior: the behavior of a distribution
//     whose requests go to a StreamingOrigin.
//   - PageCache: the cache policy of pages that CloudFront keeps.
//   - AuthorizationOptions: which OAuth access tokens requests need.
//   - OriginOptions: headers, path and times of the connections to the function.
//   - OriginalHost: the CloudFront Function that keeps the viewer's Host and
//     Authorization headers, and runs other code at viewer-request.
//   - BodyHasher: the Lambda@Edge function that hashes request bodies.
//   - EdgeStack, EdgeStackOf: the stack in us-east-1 that contains a BodyHasher.
//
// What is around a distribution:
//
//   - Domain: a certificate and DNS records.
//   - WebAcl: AWS WAF's rules.
//   - DefaultSecurityHeaders: the response headers of an Endpoint.
//   - AccessLogs, AccessLogsOptions, Monitoring: the logs of a distribution, and the
//     dashboard and alarms of an Endpoint.
//   - Explain: prints an error of this package or of the CDK without a trace.
//
// Package restapi, in this directory, defines REST APIs of API Gateway, which may take
// the place of function URLs; package runs, the table in which functions record what
// they stream.
//
// Values that may be CDK tokens have awscdk's types, such as *string or
// IFunction; all others are plain Go types. XProps are what the constructor NewX or
// the function X takes; XOptions are only part of other props, as in awscdk. A
// constructor that can't use its props panics with an *Error. Construct ids are part
// of the package's interface: changing one would replace deployed resources.
package infra
