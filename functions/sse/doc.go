// Package sse writes Server-Sent Events from any [net/http.Handler], in Lambda
// behind package streamhttp and in an ordinary server.
//
//	func events(w http.ResponseWriter, r *http.Request) {
//		events := sse.NewWriter(w, r, nil)
//		defer events.Close()
//		for n := next(sse.LastEventID(r)); n != nil; n = n.next(events.Context()) {
//			if events.Send(sse.Event{ID: n.id, Data: n.text}) != nil {
//				return
//			}
//		}
//	}
//
// Each event is sent at once and as a whole. Send blocks until the server has
// taken it: a slow viewer slows the handler down, and nothing piles up.
//
// # Heartbeat
//
// CloudFront cuts a response that is silent for longer than its origin's
// response timeout: the ReadTimeout of cloudfurl's Endpoint, by default 60 s,
// and 30 s elsewhere. After 15 s of silence a Writer sends a comment, which
// clients ignore. A viewer that was cut connects again by itself and sends the
// id of its last event, see [LastEventID].
//
// # The end of a stream
//
// [Writer.Context] ends 2 s before the deadline of the request's context, which
// in Lambda is the end of the invocation, so that there is time for a last event.
// Pass it to what produces the events.
//
// In an ordinary server it also ends when the viewer leaves. Lambda doesn't tell
// the function that: it takes and discards what the handler sends until the
// handler returns or times out, and bills that time. The local edge does the
// same. So bound your streams: let viewers connect again, and choose the
// function's timeout with care. If a write fails all the same, because the
// connection to Lambda broke or the response was closed, the context ends and
// each Send returns the first error.
//
// See: https://docs.aws.amazon.com/lambda/latest/dg/configuration-response-streaming.html
//
// The format is that of the HTML standard.
//
// See: https://html.spec.whatwg.org/multipage/server-sent-events.html
package sse
