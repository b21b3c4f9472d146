package adapter

func withHeaders(pairs ...string) event {
	e := event{headers: map[string]string{}}
	for i := 0; i < len(pairs); i += 2 {
		e.headers[pairs[i]] = pairs[i+1]
	}
	return e
}

func with(pairs ...string) map[string]string { return withHeaders(pairs...).headers }

// paths are those of the event, and those of the requests that the app gets.
var paths = []row{
	{name: "the root", event: event{path: "/"}, app: "GET / HTTP/1.1\n"},
	{name: "an encoded path stays encoded", event: event{path: "/a%20b%2Fc/%C3%BC/%zz"}, app: "GET /a%20b%2Fc/%C3%BC/%zz HTTP/1.1\n"},
	{name: "a path gets encoded where it must be", event: event{path: "/ü/ `{}\"<>"}, app: "GET /%C3%BC/%20%60%7B%7D%22%3C%3E HTTP/1.1\n"},
	{name: "other characters of a path stay", event: event{path: "/x|y^z'()+,;=:@&$!*~[]"}, app: "GET /x|y^z'()+,;=:@&$!*~[] HTTP/1.1\n"},
	{name: "dots are resolved", event: event{path: "/a/./b/../c/%2e%2E/d/."}, app: "GET /a/d/ HTTP/1.1\n"},
	{name: "dots don't leave the root", event: event{path: "/../../x/.."}, app: "GET / HTTP/1.1\n"},
	{name: "slashes stay", event: event{path: "//a//b//"}, app: "GET //a//b// HTTP/1.1\n"},
	{name: "dots between slashes", event: event{path: "//..//b/..//"}, app: "GET /// HTTP/1.1\n"},
	{name: "dots after two slashes", event: event{path: "/a//../b"}, app: "GET /a/b HTTP/1.1\n"},
	{name: "a backslash is a slash", event: event{path: `/a\b\..\c`}, app: "GET /a/c HTTP/1.1\n"},
	{name: "a decoded path in the context may be UTF-8", event: event{path: "/%C3%BC%0A%22", decodedPath: "/ü\n\""}, app: "GET /%C3%BC%0A%22 HTTP/1.1\n"},
	{
		name: "a decoded path with DEL fails", event: event{path: "/%7F", decodedPath: "/\x7f"}, app: "nothing",
		lambda: failed,
	},
	{name: "no path", event: event{raw: `{"requestContext": {"http": {"method": ""}}, "headers": {"host": "` + host + `"}}`}, app: "GET / HTTP/1.1\n"},

	{name: "the base path is removed as often as it is there", variables: with("AWS_LWA_REMOVE_BASE_PATH", "/prod"), event: event{path: "/prod/prod/x"}, app: "GET /x HTTP/1.1\n"},
	{name: "the base path may end within a segment", variables: with("AWS_LWA_REMOVE_BASE_PATH", "/prod"), event: event{path: "/product"}, app: "GET /uct HTTP/1.1\n"},
	{name: "the base path alone", variables: with("AWS_LWA_REMOVE_BASE_PATH", "/prod"), event: event{path: "/prod"}, app: "GET / HTTP/1.1\n"},
	{name: "an empty base path", variables: with("AWS_LWA_REMOVE_BASE_PATH", ""), event: event{path: "/prod"}, app: "GET /prod HTTP/1.1\n"},
	{name: "the older name of the base path", variables: with("REMOVE_BASE_PATH", "/prod"), event: event{path: "/prod/x"}, app: "GET /x HTTP/1.1\n"},
}

// queries are query strings.
var queries = []row{
	{name: "a query string stays as it is", event: event{path: "/a", query: "a=1&b=%20+&&=&c=%zz&d=?/:@"}, app: "GET /a?a=1&b=%20+&&=&c=%zz&d=?/:@ HTTP/1.1\n"},
	{name: "a query string gets encoded where it must be", event: event{query: "q='ü\x7f"}, app: "GET /?q=%27%C3%BC%7F HTTP/1.1\n"},
	{name: "other characters of a query string stay", event: event{query: "q=^`{}|\\[]"}, app: "GET /?q=^`{}|\\[] HTTP/1.1\n"},
	{name: "an empty query string", event: event{path: "/a", query: ""}, app: "GET /a HTTP/1.1\n"},
}

var requestHeaders = []row{
	{
		name: "headers reach the app, and none is added",
		event: withHeaders("x-name", "ü", "X-Upper", "1", "user-agent", "curl/8", "accept-encoding", "gzip, br",
			"connection", "close", "te", "trailers", "x-empty", "", "x-forwarded-proto", "https"),
		app: "GET / HTTP/1.1\naccept-encoding: gzip, br\nconnection: close\nte: trailers\nuser-agent: curl/8\n" +
			"x-empty: \nx-forwarded-proto: https\nx-name: ü\nx-upper: 1\n",
	},
	{name: "the host is the event's", event: withHeaders("host", "www.example.com"), app: "GET / HTTP/1.1\nhost: www.example.com\n"},
	{
		name: "cookies are joined without a space", event: event{cookies: []string{"a=1", "b=2"}, headers: with("cookie", "a=1; b=2")},
		app: "GET / HTTP/1.1\ncookie: a=1;b=2\n",
	},
	{name: "without cookies the header counts", event: withHeaders("cookie", "a=1; b=2"), app: "GET / HTTP/1.1\ncookie: a=1; b=2\n"},
	{name: "no cookies", event: event{cookies: []string{}, headers: with("cookie", "a=1")}, app: "GET / HTTP/1.1\ncookie: \n"},
	{
		name: "the authorization source becomes Authorization", variables: with("AWS_LWA_AUTHORIZATION_SOURCE", "X-Original-Authorization"),
		event: withHeaders("x-original-authorization", "Bearer 1", "authorization", "AWS4-HMAC-SHA256"),
		app:   "GET / HTTP/1.1\nauthorization: Bearer 1\n",
	},
	{
		name: "without the source, Authorization stays", variables: with("AWS_LWA_AUTHORIZATION_SOURCE", "x-original-authorization"),
		event: withHeaders("authorization", "AWS4-HMAC-SHA256"),
		app:   "GET / HTTP/1.1\nauthorization: AWS4-HMAC-SHA256\n",
	},
	{
		name: "an empty authorization source", variables: with("AWS_LWA_AUTHORIZATION_SOURCE", ""),
		event: withHeaders("authorization", "AWS4-HMAC-SHA256"),
		app:   "GET / HTTP/1.1\nauthorization: AWS4-HMAC-SHA256\n",
	},
}

var requestBodies = []row{
	{
		name: "text", event: event{method: "POST", body: "a=b", headers: with("content-length", "3", "content-type", "text/plain")},
		app: "POST / HTTP/1.1\ncontent-length: 3\ncontent-type: text/plain\n\na=b",
	},
	{name: "a body without a length gets one", event: event{method: "POST", body: "ü"}, app: "POST / HTTP/1.1\ncontent-length: 2\n\nü"},
	{
		name: "base64", event: event{method: "PUT", body: "AAH/", base64: true, headers: with("content-length", "3")},
		app: "PUT / HTTP/1.1\ncontent-length: 3\n\n\x00\x01\xff",
	},
	{name: "an empty body", event: event{method: "POST", headers: with("content-length", "0")}, app: "POST / HTTP/1.1\n"},
	{name: "a body of a GET", event: event{body: "x"}, app: "GET / HTTP/1.1\ncontent-length: 1\n\nx"},
	{name: "a body of a DELETE", event: event{method: "DELETE", body: "x"}, app: "DELETE / HTTP/1.1\ncontent-length: 1\n\nx"},
	{name: "another method", event: event{method: "PROPFIND"}, app: "PROPFIND / HTTP/1.1\n"},
	{
		name: "100-continue isn't waited for", event: event{method: "POST", body: "abc", headers: with("expect", "100-continue")},
		app: "POST / HTTP/1.1\ncontent-length: 3\nexpect: 100-continue\n\nabc",
	},
}
