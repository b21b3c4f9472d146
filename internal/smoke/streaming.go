package smoke

import "time"

// wholeStream is what the demo streams at / in 1.4 s.
const wholeStream = `{"event":"start","message":"streaming begin"}
{"event":"data","index":0,"token":"Hello"}
{"event":"data","index":1,"token":" "}
{"event":"data","index":2,"token":"World"}
{"event":"data","index":3,"token":"!"}
{"event":"end","message":"done"}
`

// minSpread is half of the time that the demo's stream takes, so that a slow
// network or machine doesn't look like buffering.
const minSpread = 700 * time.Millisecond

func streamingCases() []Case {
	stream := []Check{status(200), spread(minSpread), bodyIs(wholeStream), header("Content-Type", "application/x-ndjson")}
	return []Case{
		{
			Name:      "GET /",
			Why:       "A stream that arrives all at once was buffered on the way: InvokeMode isn't RESPONSE_STREAM, or something compresses it.",
			Request:   Request{Method: "GET", Target: "/"},
			Checks:    append(stream, header("X-AggregateInfo-Result", "OK"), requestHost()),
			NeedsDemo: true,
		},
		{
			Name:      "POST / with JSON",
			Why:       "Chat clients do this: the request's body must be hashed, and the response must not be buffered.",
			Request:   Request{Method: "POST", Target: "/", Header: []Field{typeField("application/json")}, Body: []byte(`{"prompt":"Hello"}`)},
			Checks:    stream,
			NeedsDemo: true,
		},
		{
			Name:      "GET / with Accept-Encoding",
			Why:       "Compression delays a stream, and a function URL removes Content-Encoding from it.",
			Request:   Request{Method: "GET", Target: "/", Header: []Field{{"Accept-Encoding", "gzip, deflate, br, zstd"}}},
			Checks:    append(stream, header("Content-Encoding")),
			NeedsDemo: true,
		},
		{
			Name:      "HEAD /",
			Why:       "With some runtimes an empty streamed response hangs until the function's timeout. Inferred: with Go it doesn't.",
			Request:   Request{Method: "HEAD", Target: "/"},
			Checks:    []Check{status(200), noBody(), header("X-AggregateInfo-Result", "OK")},
			NeedsDemo: true,
		},
	}
}
