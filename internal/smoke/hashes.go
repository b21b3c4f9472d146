package smoke

import "strings"

func hashCases() []Case {
	small := everyByte()
	right, wrong := sha256Hex(small), sha256Hex([]byte("another body"))
	accepted := []Check{status(200), echoed()}
	mismatch := []Check{status(400), rejectedByEdge("body_hash_mismatch")}
	unverified := []Check{status(403), rejectedByLambda("InvalidSignatureException")}
	tooLarge := []Check{status(413), rejectedByEdge("body_too_large")}

	const (
		whyReplaced = "Lambda rejects unsigned payloads, so a value that isn't a hash must be replaced by the body's. Clients made for S3 send such values."
		whyWrong    = "A client with a wrong hash needs an error that says so, not a signature mismatch."
		whyCut      = "The edge sees only the first 1 MB, whose hash would be wrong. The response must tell the client to send the hash itself."
		whyHidden   = "Whether or not the edge sees the body of a DELETE, a wrong hash must not reach the handler. Inferred: if the edge can't see the body, Lambda verifies the hash."
		whyStray    = "Clients made for S3 send a hash with every method. Inferred: a hash of the empty body changes nothing."
		whyOwn      = "A client that sends the hash itself isn't limited to 1 MB. Inferred: CloudFront forwards the whole body with that hash."
	)
	repeated := hashCase("repeated", "POST", small, right, "Of two hashes one may be wrong. The edge must compute its own or reject both, but never sign a value that Lambda can't verify.", []Check{
		either("200 and the same bytes back, or 400 and JSON with error header_repeated", accepted, []Check{status(400), rejectedByEdge("header_repeated")})})
	repeated.Request.Header = append(repeated.Request.Header, hashField(right))

	cases := []Case{
		hashCase("right", "POST", small, right, "Sending the right hash must not make a request fail.", accepted),
		hashCase("right, in upper case", "POST", small, strings.ToUpper(right), "SigV4 uses lower case, so a hash that is forwarded in upper case breaks the signature.", accepted),
		hashCase("right, of an empty body", "POST", []byte{}, sha256Hex(nil), "SDKs send the hash of an empty body with an empty POST.", accepted),
		hashCase("right, with DELETE", "DELETE", small, right, "If the edge can't see the body of a DELETE, this is the only way to send one. Inferred: Lambda verifies the hash.", accepted),
		hashCase("wrong", "POST", small, wrong, whyWrong, mismatch),
		hashCase("wrong, with PUT", "PUT", small, wrong, whyWrong, mismatch),
		hashCase("wrong, with PATCH", "PATCH", small, wrong, whyWrong, mismatch),
		hashCase("wrong, with DELETE", "DELETE", small, wrong, whyHidden, []Check{
			either("400 and JSON with error body_hash_mismatch, or 403 and InvalidSignatureException", mismatch, unverified)}),
		hashCase("UNSIGNED-PAYLOAD, with DELETE", "DELETE", small, "UNSIGNED-PAYLOAD", whyReplaced+" If the edge can't see the body, it can't replace the value.", []Check{
			either("200 and the same bytes back, or 411 and JSON with error body_not_shown", accepted, []Check{status(411), rejectedByEdge("body_not_shown")})}),
		hashCase("wrong, with DELETE, no body", "DELETE", nil, wrong, whyWrong+" Inferred: without Content-Length there is no body.", mismatch),
		withoutBody("of nothing, with GET", "GET", sha256Hex(nil), whyStray),
		withoutBody("of another body, with GET", "GET", wrong, "A fetch that follows a 303 after a POST sends the hash of the POST's body."),
		withoutBody("right, with OPTIONS", "OPTIONS", sha256Hex(nil), whyStray),
		repeated,
		hashCase("UNSIGNED-PAYLOAD", "POST", small, "UNSIGNED-PAYLOAD", whyReplaced, accepted),
		hashCase("not a hash", "POST", small, "not-a-hash", whyReplaced, accepted),
	}
	for _, large := range []struct {
		name string
		size int
	}{{"1 MB + 1", megabyte + 1}, {"3 MB", 3 * megabyte}} {
		body := blob(large.size)
		cases = append(cases,
			hashCase(large.name+", right", "POST", body, sha256Hex(body), whyOwn, accepted),
			hashCase(large.name+", wrong", "POST", body, wrong,
				"The edge can't see the whole body, so Lambda must reject it. Inferred: Lambda gets the hash as it was sent.",
				unverified),
			hashCase(large.name+", UNSIGNED-PAYLOAD", "POST", body, "UNSIGNED-PAYLOAD", whyCut, tooLarge),
			hashCase(large.name+", none", "POST", body, "", whyCut, tooLarge),
		)
	}
	return cases
}

func hashCase(name, method string, body []byte, hash, why string, checks []Check) Case {
	c := newCase(name, why, withBody(method, "/echo", octets, body), checks...)
	if hash != "" {
		c.Request.Header = append(c.Request.Header, hashField(hash))
	}
	return c
}

// withoutBody sends a hash with a method that has no body.
func withoutBody(name, method, hash, why string) Case {
	return newCase(name, why, Request{Method: method, Target: "/inspect", Header: []Field{hashField(hash)}}, status(200), sawRequest())
}
