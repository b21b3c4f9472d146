package adapter

// brokenText is the base64 of "error reading a body from connection".
const brokenText = "Lambda-Runtime-Function-Error-Type: Runtime.StreamError\r\n" +
	"Lambda-Runtime-Function-Error-Body: ZXJyb3IgcmVhZGluZyBhIGJvZHkgZnJvbSBjb25uZWN0aW9u\r\n"

// differences are what the stand-in does otherwise.
var differences = []difference{
	{
		row: row{
			name: "compression", variables: with("AWS_LWA_INVOKE_MODE", "buffered", "AWS_LWA_ENABLE_COMPRESSION", "true"),
			event: withHeaders("accept-encoding", "gzip"), respond: long("Content-Type: text/plain\n", 40),
			lambda: document(200, `"content-encoding":"gzip","content-type":"text/plain","vary":"accept-encoding"`, "(gzip) "+as(40), true, ""),
		},
		why:     "it changes nothing that an app sees, and the log says that it is left out",
		standIn: outcome{lambda: document(200, `"content-length":"40","content-type":"text/plain"`, as(40), false, "")},
	},
	{
		row: row{
			name: "events that aren't HTTP requests", event: event{raw: `{"Records": [1,2 ]}`},
			app: "POST /events HTTP/1.1\ncontent-length: 19\ncontent-type: application/json\nhost: 127.0.0.1:PORT\n\n{\"Records\": [1,2 ]}",
		},
		why:     "the local edge serves function URLs and REST APIs, which never send them",
		standIn: outcome{app: "nothing", lambda: failed},
	},
	{
		row: row{
			name: "a header that isn't UTF-8, buffered", variables: inBuffer, respond: answer("HTTP/1.1 200 OK\nX-A: \xfc\nContent-Length: 2\n\nok"),
			lambda: "the adapter exits",
		},
		why:     "the viewer gets 502 either way",
		standIn: outcome{lambda: failed},
	},
	{
		row: row{
			name: "chunks and a length", respond: answer("HTTP/1.1 200 OK\nTransfer-Encoding: chunked\nContent-Length: 3\n\n2\r\nok\r\n0\r\n\r\n"),
			lambda: "200\ncontent-length: 3\ncontent-type: application/octet-stream\n\nok",
		},
		why:     "net/http removes the length, which RFC 9112 says not to send",
		standIn: outcome{lambda: "200\ncontent-type: application/octet-stream\n\nok"},
	},
	{
		row: row{
			name: "the same length twice", respond: answer("HTTP/1.1 200 OK\nContent-Length: 2\nContent-Length: 2\n\nok"),
			lambda: "200\ncontent-length: [2 2]\ncontent-type: application/octet-stream\n\nok",
		},
		why:     "net/http removes the second",
		standIn: outcome{lambda: "200\ncontent-length: 2\ncontent-type: application/octet-stream\n\nok"},
	},
	{
		row: row{
			name: "a connection that ends without Connection: close", respond: breakOff("HTTP/1.1 200 OK\n\nok"),
			lambda: "200\ncontent-type: application/octet-stream\n\nok",
		},
		why:     "net/http hides the header, and most apps send it here",
		standIn: outcome{lambda: "200\nconnection: close\ncontent-type: application/octet-stream\n\nok"},
	},
	{
		row:     row{name: "two slashes before characters that URLs encode", event: event{path: "//a|b"}, app: "GET //a|b HTTP/1.1\n"},
		why:     "net/http encodes them here; servers decode them",
		standIn: outcome{app: "GET //a%7Cb HTTP/1.1\n"},
	},
	{
		row: row{
			name: "spaces around a header's value", event: withHeaders("x-a", " a "), app: "GET / HTTP/1.1\nx-a:  a \n",
		},
		why:     "net/http removes them, as servers do",
		standIn: outcome{app: "GET / HTTP/1.1\nx-a: a\n"},
	},
	{
		row: row{
			name: "a length that isn't the body's", event: event{method: "POST", body: "xyz", headers: with("content-length", "2")},
			app: "POST / HTTP/1.1\ncontent-length: 2\n\nxy",
		},
		why:     "Lambda doesn't send such an event",
		standIn: outcome{app: "POST / HTTP/1.1\ncontent-length: 3\n\nxyz"},
	},
	{
		row: row{
			name: "a query string with characters that URLs encode", event: event{query: `q= "<>`}, app: "nothing", lambda: failed,
		},
		why:     "clients encode them",
		standIn: outcome{app: "GET /?q=%20%22%3C%3E HTTP/1.1\n"},
	},
	{
		row: row{
			name: "a header's name is invalid", respond: answer("HTTP/1.1 200 OK\nX A: 1\nContent-Length: 0\n\n"), lambda: failed,
		},
		why:     "servers drop such a header, as the local edge does",
		standIn: outcome{lambda: "200\ncontent-length: 0\ncontent-type: application/octet-stream\nx a: 1\n\n"},
	},
	{
		row: row{
			name: "the app breaks off within the length", respond: breakOff("HTTP/1.1 200 OK\nContent-Length: 10\n\nok"),
			lambda: "200\ncontent-length: 10\ncontent-type: application/octet-stream\n\nok" + brokenText,
		},
		why:     "the adapter means its text for trailers; the log says that the app broke off",
		standIn: outcome{lambda: "200\ncontent-length: 10\ncontent-type: application/octet-stream\n\nok"},
	},
	{
		row: row{
			name: "the app breaks off between chunks", respond: breakOff("HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n2\r\nok\r\n"),
			lambda: "200\ncontent-type: application/octet-stream\n\nok" + brokenText,
		},
		why:     "the same",
		standIn: outcome{lambda: "200\ncontent-type: application/octet-stream\n\nok"},
	},
	{
		row: row{
			name: "a chunk is invalid", respond: answer("HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n2\r\nok\r\nzz\r\n"),
			lambda: "200\ncontent-type: application/octet-stream\n\nok" + brokenText,
		},
		why:     "the same",
		standIn: outcome{lambda: "200\ncontent-type: application/octet-stream\n\nok"},
	},
}
