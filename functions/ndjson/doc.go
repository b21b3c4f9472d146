// Package ndjson writes newline-delimited JSON from any [net/http.Handler], in
// Lambda behind package streamhttp and in an ordinary server.
//
//	func lines(w http.ResponseWriter, r *http.Request) {
//		lines := ndjson.NewWriter(w, r, nil)
//		defer lines.Close()
//		for row := range rows(lines.Context()) {
//			if lines.Send(row) != nil {
//				return
//			}
//		}
//	}
//
// Each value is sent at once, as one line. Send blocks until the server has
// taken it: a slow viewer slows the handler down, and nothing piles up.
//
// # Heartbeat
//
// CloudFront cuts a response that is silent for longer than its origin's
// response timeout: the ReadTimeout of cloudfurl's Endpoint, by default 60 s,
// and 30 s elsewhere. After 15 s of silence a Writer sends a space. It becomes
// the beginning of the next line, where JSON allows white space, so that every
// reader of lines can parse them as they are; empty lines would be a surprise to
// some. Only a stream that ends after a heartbeat has a last line that is blank
// and lacks its newline: don't parse that.
//
// # The end of a stream
//
// [Writer.Context] ends 2 s before the deadline of the request's context, which
// in Lambda is the end of the invocation, so that there is time for a last line.
// Pass it to what produces the values. A viewer of a function URL can't tell a
// stream that broke from one that is complete, so let the last line say that it
// is the last.
//
// In an ordinary server the context also ends when the viewer leaves. Lambda
// doesn't tell the function that, as package sse explains.
//
// See: https://github.com/ndjson/ndjson-spec
package ndjson
