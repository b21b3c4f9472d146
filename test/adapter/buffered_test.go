package adapter

import (
	"fmt"
	"strings"
)

var inBuffer = map[string]string{"AWS_LWA_INVOKE_MODE": "buffered"}

// document is a buffered response as Lambda gets it.
func document(status int, headers, body string, isBase64 bool, cookies string) string {
	return fmt.Sprintf(`{"body":%s,"cookies":[%s],"headers":{%s},"isBase64Encoded":%t,"multiValueHeaders":{},"statusCode":%d}`,
		marshal(body), cookies, headers, isBase64, status)
}

var buffered = []row{
	{
		name: "of a repeated header, the first value counts", variables: inBuffer,
		respond: answer("HTTP/1.1 200 OK\nContent-Type: text/html; charset=utf-8\nContent-Length: 3\nX-A: 1\nX-A: 2\nSet-Cookie: a=1\nSet-Cookie: a=ü\n\nü1"),
		lambda:  document(200, `"content-length":"3","content-type":"text/html; charset=utf-8","x-a":"1"`, "ü1", false, `"a=1",""`),
	},
	{name: "the mode in capitals", variables: with("AWS_LWA_INVOKE_MODE", "BUFFERED"), lambda: document(200, `"content-length":"2","content-type":"text/plain"`, "ok", false, "")},
	{
		name: "Windows-1252 becomes UTF-8", variables: inBuffer,
		respond: answer("HTTP/1.1 200 OK\nContent-Type: text/html; charset=ISO-8859-1\nContent-Length: 2\n\n\xfc\x80"),
		lambda:  document(200, `"content-length":"2","content-type":"text/html; charset=ISO-8859-1"`, "ü€", false, ""),
	},
	{
		name: "other character sets become UTF-8", variables: inBuffer,
		respond: answer("HTTP/1.1 200 OK\nContent-Type: text/plain; charset=Shift_JIS\nContent-Length: 4\n\n\x93\xfa\x96\x7b"),
		lambda:  document(200, `"content-length":"4","content-type":"text/plain; charset=Shift_JIS"`, "日本", false, ""),
	},
	{
		name: "text that isn't UTF-8 is repaired", variables: inBuffer,
		respond: answer("HTTP/1.1 200 OK\nContent-Type: text/html\nContent-Length: 5\n\na\xfc\xe2\x82b"),
		lambda:  document(200, `"content-length":"5","content-type":"text/html"`, "a\uFFFD\uFFFDb", false, ""),
	},
	{
		name: "a byte order mark is removed", variables: inBuffer,
		respond: answer("HTTP/1.1 200 OK\nContent-Type: text/html\nContent-Length: 4\n\n\xef\xbb\xbfa"),
		lambda:  document(200, `"content-length":"4","content-type":"text/html"`, "a", false, ""),
	},
	{
		name: "without a type, it is text", variables: inBuffer, respond: answer("HTTP/1.1 200 OK\nContent-Length: 2\n\nok"),
		lambda: document(200, `"content-length":"2"`, "ok", false, ""),
	},
	{
		name: "another type is base64", variables: inBuffer, respond: answer("HTTP/1.1 200 OK\nContent-Type: application/octet-stream\nContent-Length: 2\n\nok"),
		lambda: document(200, `"content-length":"2","content-type":"application/octet-stream"`, "b2s=", true, ""),
	},
	{
		name: "XML is text", variables: inBuffer, respond: answer("HTTP/1.1 200 OK\nContent-Type: image/svg+xml; x=1\nContent-Length: 2\n\nok"),
		lambda: document(200, `"content-length":"2","content-type":"image/svg+xml; x=1"`, "ok", false, ""),
	},
	{
		name: "a type in capitals is base64", variables: inBuffer, respond: answer("HTTP/1.1 200 OK\nContent-Type: Text/Html\nContent-Length: 2\n\nok"),
		lambda: document(200, `"content-length":"2","content-type":"Text/Html"`, "b2s=", true, ""),
	},
	{
		name: "an encoded body is base64", variables: inBuffer, respond: answer("HTTP/1.1 200 OK\nContent-Type: text/plain\nContent-Encoding: identity\nContent-Length: 2\n\nok"),
		lambda: document(200, `"content-encoding":"identity","content-length":"2","content-type":"text/plain"`, "b2s=", true, ""),
	},
	{
		name: "an app may say that it is text", variables: inBuffer, respond: answer("HTTP/1.1 200 OK\nContent-Type: application/x\nX-Lambda-Http-Content-Encoding: text\nContent-Length: 2\n\nok"),
		lambda: document(200, `"content-length":"2","content-type":"application/x","x-lambda-http-content-encoding":"text"`, "ok", false, ""),
	},
	{
		name: "an empty body", variables: inBuffer, respond: answer("HTTP/1.1 200 OK\nContent-Type: image/png\nContent-Length: 0\n\n"),
		lambda: document(200, `"content-length":"0","content-type":"image/png"`, "", true, ""),
	},
	{name: "204, buffered", variables: inBuffer, respond: answer("HTTP/1.1 204 No Content\n\n"), lambda: document(204, "", "", false, "")},
	{
		name: "HEAD, buffered", variables: inBuffer, event: event{method: "HEAD"}, respond: answer("HTTP/1.1 200 OK\nContent-Length: 5\nContent-Type: text/html\n\n"),
		lambda: document(200, `"content-length":"5","content-type":"text/html"`, "", false, ""),
	},
	{
		name: "a header may be UTF-8", variables: inBuffer, respond: answer("HTTP/1.1 200 OK\nX-A: ü\nContent-Length: 2\n\nok"),
		lambda: document(200, `"content-length":"2","x-a":"ü"`, "ok", false, ""),
	},
	{
		name: "the app breaks off within the length, buffered", variables: inBuffer, respond: breakOff("HTTP/1.1 200 OK\nContent-Length: 10\n\nok"),
		lambda: failed,
	},
	{
		name: "the app breaks off between chunks, buffered", variables: inBuffer, respond: breakOff("HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n2\r\nok\r\n"),
		lambda: failed,
	},
}

// as is text of a length.
func as(length int) string { return strings.Repeat("a", length) }

// long responds with so many bytes.
func long(headers string, length int) func(*exchange) {
	return answer(fmt.Sprintf("HTTP/1.1 200 OK\n%sContent-Length: %d\n\n%s", headers, length, as(length)))
}
