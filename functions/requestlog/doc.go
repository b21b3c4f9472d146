// Package requestlog logs what a handler does: one line per request.
//
//	func main() {
//		slog.SetDefault(lambdacontext.NewLogger())
//		streamhttp.Start(requestlog.Middleware(handler))
//	}
//
// lambdacontext.NewLogger of aws-lambda-go follows Lambda's logging configuration, and adds the
// request's id to every line that is logged with the request's context: the lines of
// this package and of streamhttp, and yours by [slog.InfoContext] and its like.
// With the format JSON in the function's logging configuration, CloudWatch finds
// the fields of a line by their names:
//
//	filter requestId = "…" | fields level, message, path, status, durationMs
//
// See: https://docs.aws.amazon.com/lambda/latest/dg/golang-logging.html
package requestlog
