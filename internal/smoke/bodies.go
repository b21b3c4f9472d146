package smoke

import "slices"

// A payload is a body with its type.
type payload struct {
	name        string
	contentType string
	body        []byte
	why         string
}

const octets = "application/octet-stream"

var (
	noPayload = payload{name: "no body", contentType: octets,
		why: "curl -X POST and many clients send neither a body nor Content-Length; the hash of nothing must be signed all the same."}
	text = payload{"text", "text/plain; charset=utf-8", []byte("grüße, 世界 🌍\r\n"),
		"Text travels to the handler as it is, not in base64: characters beyond ASCII show whether it is counted in bytes."}
	jsonText = payload{"JSON", "application/json", []byte(`{"greeting":"grüße","emoji":"🌍","n":1.50,"nested":{"empty":""}}`),
		"JSON travels as text, and must not be parsed and written anew on its way."}
	form = payload{"form", "application/x-www-form-urlencoded", []byte("a=1&b=x+y&c=%2F%20%C3%A9&d=&a=2"),
		"Forms travel in base64, and must not be decoded on their way."}
	allBytes = payload{"all 256 bytes", octets, everyByte(),
		"A body that becomes a string on its way loses what is not UTF-8, and its hash is wrong."}
	largest = payload{"1 MB", octets, blob(megabyte),
		"The largest body that is hashed at the edge. Inferred: that CloudFront's 1 MB is 1,048,576 bytes."}
)

func payloads() []payload {
	return []payload{
		noPayload,
		{"0 B", octets, []byte{}, "An empty body with Content-Length: 0 has the hash of nothing, which must be signed."},
		{"1 B", octets, []byte{0}, "The smallest body, and one that falsy checks take for none."},
		text,
		jsonText,
		form,
		{"multipart", "multipart/form-data; boundary=cloudfurl", multipart(), "Uploads of browsers have binary parts, and their Content-Type has a parameter that must arrive."},
		allBytes,
		{"1 MB - 1", octets, blob(megabyte - 1), "One byte below what the edge sees of a body. Its base64 needs padding."},
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
	return append(cases,
		echoCase("DELETE", noPayload),
		deleteWithBody(),
		Case{
			Name:      "POST, no Content-Type",
			Why:       "A body without a type must arrive like any other.",
			Request:   Request{Method: "POST", Target: "/echo", Body: everyByte()},
			Checks:    []Check{status(200), echoed()},
			NeedsDemo: true,
		},
		Case{
			Name:          "POST, all 256 bytes as text/plain",
			Why:           "Lambda hands text to the function as a string of JSON, which cannot hold every byte.",
			Request:       Request{Method: "POST", Target: "/echo", Header: []Field{typeField("text/plain")}, Body: everyByte()},
			Checks:        []Check{status(200), echoed()},
			NeedsDemo:     true,
			Informational: "AWS does not say what becomes of text that is not UTF-8. The local edge sends it in base64.",
		},
	)
}

func echoCase(method string, p payload) Case {
	return Case{
		Name:      method + ", " + p.name,
		Why:       p.why,
		Request:   Request{Method: method, Target: "/echo", Header: []Field{typeField(p.contentType)}, Body: p.body},
		Checks:    []Check{status(200), echoed(), sameType()},
		NeedsDemo: true,
	}
}

// deleteWithBody is right either way: AWS's guide says that a DELETE's body is
// shown at the edge, and it has been seen not to be.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/lambda-include-body-access.html
// Seen: https://github.com/anomalyco/sst/pull/6430
func deleteWithBody() Case {
	c := echoCase("DELETE", jsonText)
	c.Why = "The edge may not see the body of a DELETE. Then it must refuse it in words, and never sign the hash of nothing."
	c.Checks = []Check{either("200 and the same bytes back, or 411 and JSON with body_not_shown",
		[]Check{status(200), echoed(), sameType()},
		[]Check{status(411), refusedByEdge("body_not_shown")})}
	return c
}
