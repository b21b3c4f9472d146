// Package streamhttp runs any [http.Handler] as a Lambda function behind a
// function URL whose InvokeMode is RESPONSE_STREAM, and as an ordinary HTTP
// server everywhere else.
//
// [Wrap] is the whole conversion: one event in, one streaming response out.
// [Start] is the door to it, and all that most programs call:
//
//	func main() { streamhttp.Start(handler) }
//
// # What a handler sees
//
// The request is the viewer's, as net/http would have parsed it: r.Host is the
// host that the viewer asked for and Authorization the viewer's own, both
// restored from the copies that cloudfurl's original_host made (X-Original-Host
// and X-Original-Authorization stay in place); r.URL keeps the path's percent
// encoding (r.URL.EscapedPath) and the verbatim query; r.RequestURI, r.Proto,
// r.ContentLength and r.RemoteAddr are set; r.Body is never nil. The two copies
// are as trustworthy as whoever may call the function URL: with AuthType
// AWS_IAM that is CloudFront, behind which no viewer can forge them.
//
// r.Context ends at Lambda's deadline, when the reader of the response leaves,
// and when the handler returns. r.RemoteAddr is the address that called the
// function URL, with port 0, as Lambda does not tell the port. r.TLS is nil:
// see X-Forwarded-Proto. A field that the viewer sent several times is one
// value joined with commas, as Lambda delivers it.
//
// # What a viewer sees
//
// Every Write leaves at once as its own chunk; wrap the writer in a
// bufio.Writer where many small writes should travel together. Flush (of
// [http.Flusher] or [http.ResponseController]) sends the status and the header
// ahead of the first Write. Until one of the two happens nothing has left,
// WriteHeader included, so a panic up to there is still answered with a clean
// 500. A panic after the first byte ends the stream with Lambda's error
// trailers. The viewer of a function URL nevertheless sees a complete 200, so
// it is logged as an error through [slog.Default].
//
// Not carried: informational responses (1xx), trailers, and the fields that
// belong to one connection (Connection, Transfer-Encoding and so on). Deadlines
// and Hijack of [http.ResponseController] answer [http.ErrNotSupported].
// A function URL decodes a response that has Content-Encoding, and renames
// Content-Length to X-Amzn-Remapped-Content-Length: do not compress, and do not
// rely on the length.
// See: https://github.com/aws/aws-lambda-nodejs-runtime-interface-client/issues/96
// See: https://github.com/cargo-lambda/cargo-lambda/issues/862
//
// Seen: responses without a body have hung at the viewer with other runtimes,
// and now and then with Go's lambdaurl, although the stream was ended. This
// package always sends the prelude and ends the stream for HEAD, 204, 304 and
// empty bodies; what Lambda then does can only be checked on Lambda.
// See: https://github.com/aws/aws-lambda-go/issues/593
// See: https://github.com/aws/aws-lambda-go/issues/596
//
// # Building
//
// On provided.al2023 no build tag is needed. The tag lambda.norpc leaves out
// the protocol of the retired go1.x runtime, which makes the program smaller
// and its start shorter.
package streamhttp
