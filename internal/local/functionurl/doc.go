// Package functionurl plays a Lambda function URL: it checks the signature and
// the permissions of a request, turns the request into an event of payload
// format 2.0, invokes the function, and turns what the function answers into
// an HTTP response, as it arrives or when it is whole. AWS's limits, its
// refusals and its CORS handling are played too.
//
// Left out: TLS, HTTP/2 at the door, presigned requests, service control
// policies, and identity policies other than "may do all in its own account".
// Comments that begin with Inferred mark what AWS does not document and
// nobody has published.
//
// See: https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html
package functionurl
