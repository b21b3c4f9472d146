package smoke

import (
	"fmt"
	"strings"
	"time"
)

// wholeStream is what the demo streams at / in 1.4 s.
const wholeStream = `{"event":"start","message":"streaming begin"}
{"event":"data","index":0,"token":"Hello"}
{"event":"data","index":1,"token":" "}
{"event":"data","index":2,"token":"World"}
{"event":"data","index":3,"token":"!"}
{"event":"end","message":"done"}
`

// wholeDownload is how many bytes the demo sends at /download.
const wholeDownload = 1 << 20

// eventsAfter returns what the demo streams at /events in 1.8 s, after an event.
func eventsAfter(last int) string {
	var b strings.Builder
	for n := last + 1; n <= 10; n++ {
		fmt.Fprintf(&b, "id: %d\nevent: number\ndata: {\"number\":%d,\"of\":10}\n\n", n, n)
	}
	return b.String()
}

// minSpread is half of the time that the demo's stream takes, so that a slow
// network or machine doesn't look like buffering.
const minSpread = 700 * time.Millisecond

func streamingCases() []Case {
	stream := []Check{status(200), spread(minSpread), bodyIs(wholeStream), header("Content-Type", "application/x-ndjson")}
	return []Case{
		newCase("GET /", "A stream that arrives all at once was buffered on the way: InvokeMode isn't RESPONSE_STREAM, or something compresses it.",
			get("/"),
			append(stream, header("X-AggregateInfo-Result", "OK"), requestHost())...),
		newCase("POST / with JSON", "Chat clients do this: the request's body must be hashed, and the response must not be buffered.",
			withBody("POST", "/", "application/json", []byte(`{"prompt":"Hello"}`)),
			stream...),
		newCase("GET / with Accept-Encoding", "Compression delays a stream, and a function URL removes Content-Encoding from it.",
			get("/", Field{"Accept-Encoding", "gzip, deflate, br, zstd"}),
			append(stream, header("Content-Encoding"))...),
		newCase("HEAD /", "A HEAD that hangs stalls link checkers and health checks.",
			Request{Method: "HEAD", Target: "/"},
			status(200), bodyIs(""), header("X-AggregateInfo-Result", "OK")).informational(emptyStream),
		newCase("GET /events", "Browsers show server-sent events as they arrive, and only if the type is text/event-stream.",
			get("/events", Field{"Accept", "text/event-stream"}),
			status(200), spread(minSpread), bodyIs(eventsAfter(0)), header("Content-Type", "text/event-stream")),
		newCase("GET /events with Last-Event-ID", "After a cut, browsers send the id of their last event. If the header doesn't reach the handler, events come twice.",
			get("/events", Field{"Last-Event-ID", "8"}),
			status(200), bodyIs(eventsAfter(8))),
		newCase("GET /download", "A stream that breaks looks complete to the viewer. The checksum in the last line shows whether all of it arrived, unchanged.",
			get("/download"),
			status(200), header("Content-Type", "text/plain; charset=utf-8"), checksummed(wholeDownload)),
		newCase("GET /pages/", "The page's policy forbids scripts. If CloudFront replaces or removes it, pages lose their protection or stop working.",
			get("/pages/"),
			status(200), header("Content-Type", "text/html; charset=utf-8"), headerHas("Content-Security-Policy", "default-src 'none'"), bodyHas("</html>")),
	}
}
