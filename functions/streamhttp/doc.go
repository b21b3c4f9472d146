// Package streamhttp runs any [http.Handler] as a Lambda function behind a
// function URL with InvokeMode RESPONSE_STREAM, or a REST API of API Gateway with
// ResponseTransferMode STREAM, and as an ordinary HTTP server outside Lambda.
//
// [Start] is all that most programs call:
//
//	func main() { streamhttp.Start(handler) }
//
// [Wrap] is the conversion alone: one event in, one streaming response out.
//
// # Requests
//
// The handler gets the viewer's request, as net/http would have parsed it.
// r.Host and the Authorization header are the viewer's own, restored from
// X-Original-Host and X-Original-Authorization, the copies that cloudfurl's
// original_host function makes. Both copies stay in r.Header, and the host is in
// X-Forwarded-Host, too. No viewer can forge them as long as the function URL has
// AuthType AWS_IAM and permits CloudFront alone, or the REST API requires a key
// that only CloudFront has. Spellings with underscores, such as X_Original_Host,
// are dropped.
//
// A request of a REST API is what a function URL would have passed on, but for the
// order of its query parameters: the event has lost it, so they are sorted by name.
// The path is without the stage.
//
// r.RequestURI is the path and query as they were sent. r.URL.EscapedPath keeps
// the path's percent-encoding, unless it has a character that RFC 3986 forbids.
// r.Proto and r.ContentLength are set, and r.Body is never nil. r.RemoteAddr
// is the address that called the function URL, with port 0, because Lambda
// doesn't report the port. r.TLS is nil; the scheme is in X-Forwarded-Proto. A
// header that the viewer repeated is one value, joined with commas, as Lambda
// delivers it.
//
// r.Context is canceled at Lambda's deadline, when the response is closed
// early, and when the handler returns. It isn't when the viewer leaves, because
// Lambda doesn't tell: the handler runs on, and so does the bill.
//
// See: https://docs.aws.amazon.com/lambda/latest/dg/configuration-response-streaming.html
//
// # Responses
//
// Each Write is sent at once, as its own chunk; use a bufio.Writer to
// combine many small writes. Flush ([http.Flusher] or [http.ResponseController])
// sends the status and header before the first Write. Nothing is sent before
// one of the two, not even by WriteHeader, so until then a panic becomes a
// clean 500. A later panic ends the stream with Lambda's error trailers. The
// function URL's viewer still sees a complete 200, so the panic is logged as an
// error with [slog.Default].
//
// Informational responses (1xx), trailers, headers with an invalid name, and
// hop-by-hop headers such as Connection and Transfer-Encoding are dropped. The
// deadlines and Hijack of [http.ResponseController] return [http.ErrNotSupported].
//
// Don't compress responses: a function URL removes Content-Encoding from what it
// streams, so that no viewer could read the rest. A response with a body and a
// Content-Encoding becomes a 500, the log says why, and Write returns
// [ErrContentEncoding]. CloudFront doesn't compress streams either. Don't rely on
// Content-Length: the function URL renames it to X-Amzn-Remapped-Content-Length.
//
// Seen: https://github.com/aws/aws-lambda-nodejs-runtime-interface-client/issues/96
// Seen: https://github.com/cargo-lambda/cargo-lambda/issues/862
//
// Packages sse and ndjson write events and lines with a heartbeat, and package
// requestlog logs requests. This package logs with the request's context, so that
// lambdacontext.NewLogger of aws-lambda-go, as the default logger, adds the request's id.
//
// Seen: viewers of other runtimes, and sometimes of Go's lambdaurl, have waited
// for the end of a response without a body although the function had ended its
// stream. For HEAD, 204, 304 and empty bodies this package always sends the
// prelude and ends the stream. What Lambda does next can only be verified on
// Lambda. See:
//   - https://github.com/aws/aws-lambda-go/issues/593
//   - https://github.com/aws/aws-lambda-go/issues/596
//
// # Building
//
// On provided.al2023 no build tag is needed. The tag lambda.norpc leaves out
// the protocol of the retired go1.x runtime, for a smaller binary and a faster
// start.
package streamhttp
