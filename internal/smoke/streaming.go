package smoke

import "time"

// wholeStream is what the demo streams at /, in 1.4 s.
const wholeStream = `{"event":"start","message":"streaming begin"}
{"event":"data","index":0,"token":"Hello"}
{"event":"data","index":1,"token":" "}
{"event":"data","index":2,"token":"World"}
{"event":"data","index":3,"token":"!"}
{"event":"end","message":"done"}
`

// minSpread is half of the time that the demo's stream takes, so that a slow
// network or machine is not taken for a buffer.
const minSpread = 700 * time.Millisecond

func streamingCases() []Case {
	stream := []Check{status(200), spread(minSpread), bodyIs(wholeStream), header("Content-Type", "application/x-ndjson")}
	return []Case{
		{
			Name:      "GET /",
			Why:       "A stream that comes at once was buffered on its way: the invoke mode is not RESPONSE_STREAM, or something compresses.",
			Request:   Request{Method: "GET", Target: "/"},
			Checks:    append(stream, header("X-AggregateInfo-Result", "OK"), requestHost()),
			NeedsDemo: true,
		},
		{
			Name:      "POST / with JSON",
			Why:       "This is how a chat client asks: a body that must be hashed on its way in, and an answer that must not wait on its way out.",
			Request:   Request{Method: "POST", Target: "/", Header: []Field{typeField("application/json")}, Body: []byte(`{"prompt":"Hello"}`)},
			Checks:    stream,
			NeedsDemo: true,
		},
		{
			Name:      "GET / by a client that takes gzip",
			Why:       "A stream that is compressed on its way waits in the compressor, and a function URL takes Content-Encoding away from it.",
			Request:   Request{Method: "GET", Target: "/", Header: []Field{{"Accept-Encoding", "gzip, deflate, br, zstd"}}},
			Checks:    append(stream, header("Content-Encoding")),
			NeedsDemo: true,
		},
		{
			Name:      "HEAD /",
			Why:       "Empty streamed answers hang some runtimes until the function's timeout. Inferred: that Go's does not.",
			Request:   Request{Method: "HEAD", Target: "/"},
			Checks:    []Check{status(200), noBody(), header("X-AggregateInfo-Result", "OK")},
			NeedsDemo: true,
		},
	}
}
