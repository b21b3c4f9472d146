// Package functionurl emulates a Lambda function URL: it checks the signature and
// the permissions of a request, turns the request into an event of payload
// format 2.0, invokes the function, and turns what the function returns into an
// HTTP response, streamed or buffered, with AWS's limits, errors and CORS headers.
//
// Left out: TLS, HTTP/2, service control policies, and the policies of callers
// other than functions' roles: administrators of the function's account may call.
//
// See: https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html
package functionurl
