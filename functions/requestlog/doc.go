// Package requestlog logs what a handler does: one line per request, and the
// request's id in every line that is logged with the request's context.
//
//	func main() {
//		slog.SetDefault(requestlog.NewLogger())
//		streamhttp.Start(requestlog.Middleware(handler))
//	}
//
// With the format JSON in the function's logging configuration, CloudWatch finds
// the fields of a line by their names:
//
//	filter requestId = "…" | fields level, message, path, status, durationMs
//
// Log with [slog.InfoContext] and its like, and pass r.Context(): without the
// context nothing knows the request. [lambdacontext.NewLogHandler] adds the id
// too, and doubles it in lines that have it already, as those of this package and
// of streamhttp do.
//
// See: https://docs.aws.amazon.com/lambda/latest/dg/golang-logging.html
package requestlog
