package adapter

// responses are streamed.
var responses = []row{
	{
		name: "status, headers and cookies make the prelude",
		respond: answer("HTTP/1.1 201 Created\nContent-Type: text/html\nX-A: 1\nx-a: 2\nX-Empty:\nSet-Cookie: a=1; Path=/\nSet-Cookie: b=2\n" +
			"Connection: keep-alive\nKeep-Alive: timeout=5\nServer: x\nContent-Length: 2\n\nok"),
		lambda: "201\nconnection: keep-alive\ncontent-length: 2\ncontent-type: text/html\nkeep-alive: timeout=5\nserver: x\nx-a: [1 2]\nx-empty: \n" +
			"(cookie) a=1; Path=/\n(cookie) b=2\n\nok",
	},
	{
		name:    "a header that isn't ASCII is lost",
		respond: answer("HTTP/1.1 200 OK\nX-A: \xfc\nX-B: ü\nX-C: 1\nX-C: ü\nX-D: a\tb\nContent-Length: 0\n\n"),
		lambda:  "200\ncontent-length: 0\ncontent-type: application/octet-stream\nx-a: []\nx-b: []\nx-c: [1]\nx-d: a\tb\n\n",
	},
	{
		name:    "a cookie that isn't UTF-8 is repaired",
		respond: answer("HTTP/1.1 200 OK\nSet-Cookie: a=ü\nSet-Cookie: a\xfc\xe2\x82b\xf0\x80\x80x\xed\xa0\x80\nContent-Length: 0\n\n"),
		lambda:  "200\ncontent-length: 0\ncontent-type: application/octet-stream\n(cookie) a=ü\n(cookie) a\uFFFD\uFFFDb\uFFFD\uFFFD\uFFFDx\uFFFD\uFFFD\uFFFD\n\n",
	},
	{
		name: "no type", respond: answer("HTTP/1.1 200 OK\nContent-Length: 2\n\nok"),
		lambda: "200\ncontent-length: 2\ncontent-type: application/octet-stream\n\nok",
	},
	{
		name:    "chunks, and trailers that are dropped",
		respond: answer("HTTP/1.1 200 OK\nTransfer-Encoding: chunked\nTrailer: X-T\n\n2\r\nok\r\n0\r\nX-T: 1\r\n\r\n"),
		lambda:  "200\ncontent-type: application/octet-stream\ntrailer: X-T\n\nok",
	},
	{
		name: "up to the end of the connection", respond: breakOff("HTTP/1.1 200 OK\nConnection: close\n\nok"),
		lambda: "200\nconnection: close\ncontent-type: application/octet-stream\n\nok",
	},
	{
		name: "a length, and the end of the connection", respond: breakOff("HTTP/1.1 200 OK\nConnection: close\nContent-Length: 2\n\nok"),
		lambda: "200\nconnection: close\ncontent-length: 2\ncontent-type: application/octet-stream\n\nok",
	},
	{name: "HTTP/1.0", respond: breakOff("HTTP/1.0 200 OK\n\nok"), lambda: "200\ncontent-type: application/octet-stream\n\nok"},
	{name: "204", respond: answer("HTTP/1.1 204 No Content\n\n"), lambda: "204\ncontent-type: application/octet-stream\n\n"},
	{
		name: "304", respond: answer("HTTP/1.1 304 Not Modified\nETag: \"1\"\nContent-Length: 5\n\n"),
		lambda: "304\ncontent-length: 5\ncontent-type: application/octet-stream\netag: \"1\"\n\n",
	},
	{
		name: "HEAD", event: event{method: "HEAD"}, respond: answer("HTTP/1.1 200 OK\nContent-Length: 5\nContent-Type: text/html\n\n"),
		app: "HEAD / HTTP/1.1\n", lambda: "200\ncontent-length: 5\ncontent-type: text/html\n\n",
	},
	{
		name: "HEAD with chunks", event: event{method: "HEAD"}, respond: answer("HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n"),
		lambda: "200\ncontent-type: application/octet-stream\n\n",
	},
	{
		name: "a redirect isn't followed", respond: answer("HTTP/1.1 302 Found\nLocation: /x\nContent-Length: 0\n\n"),
		lambda: "302\ncontent-length: 0\ncontent-type: application/octet-stream\nlocation: /x\n\n",
	},
	{
		name: "gzip stays gzip", event: withHeaders("accept-encoding", "gzip"),
		respond: answer("HTTP/1.1 200 OK\nContent-Encoding: gzip\nContent-Length: 4\n\n\x1f\x8b\x08\x00"),
		lambda:  "200\ncontent-encoding: gzip\ncontent-length: 4\ncontent-type: application/octet-stream\n\n\x1f\x8b\x08\x00",
	},
	{
		name: "binary", respond: answer("HTTP/1.1 200 OK\nContent-Type: image/png\nContent-Length: 10\n\n\x00\x00\x00\x00\x00\x00\x00\x00\x00\xff"),
		lambda: "200\ncontent-length: 10\ncontent-type: image/png\n\n\x00\x00\x00\x00\x00\x00\x00\x00\x00\xff",
	},
	{
		name: "informational responses are skipped",
		respond: func(e *exchange) {
			answer("HTTP/1.1 100 Continue\n\n")(e)
			answer("HTTP/1.1 103 Early Hints\nLink: x\n\n")(e)
			answer("HTTP/1.1 200 OK\nContent-Length: 2\n\nok")(e)
		},
		lambda: "200\ncontent-length: 2\ncontent-type: application/octet-stream\n\nok",
	},
	{
		name: "a switch of protocols", respond: answer("HTTP/1.1 101 Switching Protocols\nUpgrade: x\nConnection: upgrade\n\nhey"),
		lambda: "101\nconnection: upgrade\ncontent-type: application/octet-stream\nupgrade: x\n\n",
	},
	{
		name: "an odd status", respond: answer("HTTP/1.1 999 Odd\nContent-Length: 0\n\n"),
		lambda: "999\ncontent-length: 0\ncontent-type: application/octet-stream\n\n",
	},
	{
		name: "an invoke mode in capitals", variables: with("AWS_LWA_INVOKE_MODE", "Response_Stream"), lambda: "200\ncontent-length: 2\ncontent-type: text/plain\n\nok",
	},
	{
		name: "compression doesn't count", variables: with("AWS_LWA_ENABLE_COMPRESSION", "true"), event: withHeaders("accept-encoding", "gzip"), respond: long("Content-Type: text/plain\n", 40),
		lambda: "200\ncontent-length: 40\ncontent-type: text/plain\n\n" + as(40),
	},
	{
		name: "a status that isn't in the list of errors", variables: with("AWS_LWA_ERROR_STATUS_CODES", "500, 502-504"),
		respond: answer("HTTP/1.1 599 Odd\nContent-Length: 0\n\n"),
		lambda:  "599\ncontent-length: 0\ncontent-type: application/octet-stream\n\n",
	},
}

// failures are those of the app.
var failures = []row{
	{
		name: "a status in the list of errors", variables: with("AWS_LWA_ERROR_STATUS_CODES", "500, 502-504"),
		respond: answer("HTTP/1.1 503 Unavailable\nContent-Length: 0\n\n"),
		lambda:  failed,
	},
	{name: "the app closes the connection", respond: func(e *exchange) { e.Close() }, lambda: failed},
	{name: "the app resets the connection", respond: func(e *exchange) { e.reset() }, lambda: failed},
	{name: "the app doesn't speak HTTP", respond: breakOff("hello\n\n"), lambda: failed},
	{name: "a header without a colon", respond: answer("HTTP/1.1 200 OK\nnocolon\nContent-Length: 0\n\n"), lambda: failed},
	{name: "half a head", respond: breakOff("HTTP/1.1 200 OK\nX-A"), lambda: failed},
	{name: "two lengths", respond: answer("HTTP/1.1 200 OK\nContent-Length: 2\nContent-Length: 3\n\nokk"), lambda: failed},
}
