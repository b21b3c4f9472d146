package smoke

import "slices"

// A payload is a body with its Content-Type, and the methods that send it.
type payload struct {
	name        string
	contentType string
	body        []byte
	why         string
	methods     []string
}

const octets = "application/octet-stream"

const jsonText = `{"greeting":"grüße","emoji":"🌍","n":1.50,"nested":{"empty":""}}`

// inferredMegabyte is why cases at the limit are informational.
const inferredMegabyte = "Inferred: CloudFront's 1 MB is 1,048,576 bytes of the body itself, not of its base64."

// payloads stay below 786,432 bytes, which have 1 MB of base64, except for the last.
func payloads() []payload {
	post, postAndPut, postAndPatch, all := []string{"POST"}, []string{"POST", "PUT"}, []string{"POST", "PATCH"}, []string{"POST", "PUT", "PATCH"}
	return []payload{
		{"no body", octets, nil, "curl -X POST and many clients send neither a body nor Content-Length. The signature still needs the hash of an empty body.", append(all, "DELETE")},
		{"0 B", octets, []byte{}, "The signature of an empty body with Content-Length: 0 needs the hash of an empty body.", post},
		{"1 B", octets, []byte{0}, "The smallest body is a zero byte, which careless checks treat as no body.", post},
		{"text", "text/plain; charset=utf-8", []byte("grüße, 世界 🌍\r\n"),
			"Lambda passes text to the function without base64. Characters beyond ASCII show whether its length is counted in bytes.", postAndPut},
		{"JSON", "application/json", []byte(jsonText), "Lambda passes JSON as text. Nothing on the path may parse and reformat it.", postAndPatch},
		{"form", "application/x-www-form-urlencoded", []byte("a=1&b=x+y&c=%2F%20%C3%A9&d=&a=2"),
			"Lambda passes forms in base64. Nothing on the path may decode their escapes.", post},
		{"multipart", "multipart/form-data; boundary=cloudfurl", multipart(), "Browsers upload binary parts, and the handler needs the boundary parameter of Content-Type.", post},
		{"all 256 bytes", octets, everyByte(), "Code that converts a body to a string corrupts bytes that aren't UTF-8, and computes the wrong hash.", all},
		{"700 KB", octets, blob(700_001), "A large body that the edge can hash. Its base64 needs padding.", postAndPut},
		{"1 MB", octets, blob(megabyte), "The largest body that the edge can hash.", post},
	}
}

func multipart() []byte {
	return slices.Concat(
		[]byte("--cloudfurl\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\ngrüße\r\n"),
		[]byte("--cloudfurl\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.bin\"\r\nContent-Type: application/octet-stream\r\n\r\n"),
		everyByte(),
		[]byte("\r\n--cloudfurl--\r\n"),
	)
}

func bodyCases() []Case {
	var cases []Case
	for _, p := range payloads() {
		for _, method := range p.methods {
			c := echoCase(method, p)
			if len(p.body) == megabyte {
				c.Informational = inferredMegabyte
			}
			cases = append(cases, c)
		}
	}
	chunked := withBody("POST", "/echo", octets, everyByte())
	chunked.Chunked = true
	return append(cases,
		newCase("POST, chunked", "Programs that pipe a body, such as curl -T -, don't know its length.", chunked, status(200), echoed()).
			informational("AWS doesn't document whether the edge sees a body without Content-Length. If it doesn't, the client has to send the hash."),
		newCase("POST, 700 KB to /upload", "The handler reads the body piece by piece, and reports each. A byte that is changed or missing changes the hash.",
			withBody("POST", "/upload", octets, blob(700_001)),
			status(200), header("Content-Type", "application/x-ndjson"), uploaded()),
		hiddenBody("DELETE"),
		hiddenBody("OPTIONS"),
		newCase("POST, no Content-Type", "Content-Type is optional, so a body without it must arrive too.",
			Request{Method: "POST", Target: "/echo", Body: everyByte()},
			status(200), echoed()),
		echoCase("POST", payload{name: "all 256 bytes as text/plain", contentType: "text/plain", body: everyByte(),
			why: "Lambda passes text to the function in a JSON string, which can't hold every byte."}).
			informational("AWS doesn't document how Lambda passes text that isn't UTF-8. The local edge uses base64."),
	)
}

// echoCase sends a body and expects it back. An empty one goes to /inspect,
// because the echo would be an empty stream.
func echoCase(method string, p payload) Case {
	if len(p.body) == 0 {
		return newCase(method+", "+p.name, p.why, withBody(method, "/inspect", p.contentType, p.body), status(200), sawRequest())
	}
	return newCase(method+", "+p.name, p.why, withBody(method, "/echo", p.contentType, p.body), status(200), echoed(), header("Content-Type", p.contentType))
}

// hiddenBody accepts two responses. For DELETE, AWS's guide says that the edge
// sees the body, but in the field it has been seen not to. For OPTIONS the guide
// doesn't say.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/lambda-include-body-access.html
// Seen: https://github.com/anomalyco/sst/pull/6430
func hiddenBody(method string) Case {
	return newCase(method+", JSON", "The edge may not see the body of this method. Then the error must say so, and the hash of an empty body must never be signed.",
		withBody(method, "/inspect", "application/json", []byte(jsonText)),
		either("200 and the body arrives, or 411 and JSON with error body_not_shown",
			[]Check{status(200), sawBody()},
			[]Check{status(411), rejectedByEdge("body_not_shown")}))
}
