package smoke

import "slices"

// A payload is a body with its Content-Type.
type payload struct {
	name        string
	contentType string
	body        []byte
	why         string
}

const octets = "application/octet-stream"

var (
	noPayload = payload{name: "no body", contentType: octets,
		why: "curl -X POST and many clients send neither a body nor Content-Length. The signature still needs the hash of an empty body."}
	text = payload{"text", "text/plain; charset=utf-8", []byte("grüße, 世界 🌍\r\n"),
		"Lambda passes text to the function without base64. Characters beyond ASCII show whether its length is counted in bytes."}
	jsonText = payload{"JSON", "application/json", []byte(`{"greeting":"grüße","emoji":"🌍","n":1.50,"nested":{"empty":""}}`),
		"Lambda passes JSON as text. Nothing on the path may parse and reformat it."}
	form = payload{"form", "application/x-www-form-urlencoded", []byte("a=1&b=x+y&c=%2F%20%C3%A9&d=&a=2"),
		"Lambda passes forms in base64. Nothing on the path may decode their escapes."}
	allBytes = payload{"all 256 bytes", octets, everyByte(),
		"Code that converts a body to a string corrupts bytes that aren't UTF-8, and computes the wrong hash."}
	largest = payload{"1 MB", octets, blob(megabyte),
		"The largest body that the edge can hash. Inferred: CloudFront's 1 MB is 1,048,576 bytes."}
)

func payloads() []payload {
	return []payload{
		noPayload,
		{"0 B", octets, []byte{}, "The signature of an empty body with Content-Length: 0 needs the hash of an empty body."},
		{"1 B", octets, []byte{0}, "The smallest body is a zero byte, which careless checks treat as no body."},
		text,
		jsonText,
		form,
		{"multipart", "multipart/form-data; boundary=cloudfurl", multipart(), "Browsers upload binary parts, and the handler needs the boundary parameter of Content-Type."},
		allBytes,
		{"1 MB - 1", octets, blob(megabyte - 1), "One byte less than the edge can see. Its base64 needs padding."},
		largest,
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
		cases = append(cases, echoCase("POST", p))
	}
	for _, p := range []payload{noPayload, text, allBytes, largest} {
		cases = append(cases, echoCase("PUT", p))
	}
	for _, p := range []payload{noPayload, jsonText, allBytes} {
		cases = append(cases, echoCase("PATCH", p))
	}
	asText := echoCase("POST", payload{"all 256 bytes as text/plain", "text/plain", everyByte(),
		"Lambda passes text to the function in a JSON string, which can't hold every byte."})
	asText.Informational = "AWS doesn't document how Lambda passes text that isn't UTF-8. The local edge uses base64."
	return append(cases,
		newCase("POST, 1 MB to /upload", "The handler reads the body piece by piece, and reports each. A byte that is changed or missing changes the hash.",
			withBody("POST", "/upload", octets, largest.body),
			status(200), header("Content-Type", "application/x-ndjson"), uploaded()),
		echoCase("DELETE", noPayload),
		hiddenBody("DELETE"),
		hiddenBody("OPTIONS"),
		newCase("POST, no Content-Type", "Content-Type is optional, so a body without it must arrive too.",
			Request{Method: "POST", Target: "/echo", Body: everyByte()},
			status(200), echoed()),
		asText,
	)
}

func echoCase(method string, p payload) Case {
	return newCase(method+", "+p.name, p.why, withBody(method, "/echo", p.contentType, p.body), status(200), echoed(), sameType())
}

// hiddenBody accepts two responses. For DELETE, AWS's guide says that the edge
// sees the body, but in the field it has been seen not to. For OPTIONS the guide
// doesn't say.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/lambda-include-body-access.html
// Seen: https://github.com/anomalyco/sst/pull/6430
func hiddenBody(method string) Case {
	return newCase(method+", JSON", "The edge may not see the body of this method. Then the error must say so, and the hash of an empty body must never be signed.",
		withBody(method, "/inspect", jsonText.contentType, jsonText.body),
		either("200 and the body arrives, or 411 and JSON with error body_not_shown",
			[]Check{status(200), sawBody()},
			[]Check{status(411), rejectedByEdge("body_not_shown")}))
}
