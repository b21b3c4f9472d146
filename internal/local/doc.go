// Package local plays the synthesized stacks of a CDK app on this machine:
// Open reads a cloud assembly and composes the packages below it into an Edge,
// one http.Handler that answers for every distribution and every function URL.
//
//   - assembly reads the directory, template resolves what the templates say.
//   - cloudfront is the distribution, cffunction runs its CloudFront Functions,
//     and sigv4 signs for origin access control.
//   - functionurl is the function URL, sigv4 checks the signatures, and lambda
//     runs the functions, those at the edge included.
//   - bucket is an S3 bucket, over directories.
//   - wildcard matches path patterns and policies, exchange collects what the
//     parts know of one request, and watch replaces an Edge by the next one.
//
// This package itself reads the resources' properties: each file is about one
// type. A property, resource or value that would matter to a request and is not
// played is an error that names it, or a line in the log; properties that change
// nothing on this machine are listed as such beside those that do.
package local
