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
		whyStray    = "Clients made for S3 send a hash with every method."
		whyCut      = "The edge sees only the first 1 MB, whose hash would be wrong. The response must tell the client to send the hash itself."

		inferredHidden  = "Inferred: if the edge can't see the body of a DELETE, Lambda gets the hash as it was sent, and verifies it."
		inferredNothing = "Inferred: a request with a hash and without Content-Length has no body, and the hash of an empty body changes nothing."
		inferredCut     = "Inferred: CloudFront forwards a body over 1 MB whole, with the hash as it was sent, and Lambda verifies it."
	)
	repeated := hashCase("repeated", "POST", small, right, "Of two hashes one may be wrong. The edge must compute its own or reject both, but never sign a value that Lambda can't verify.",
		either("200 and the same bytes back, or 400 and JSON with error header_repeated", accepted, []Check{status(400), rejectedByEdge("header_repeated")}))
	repeated.Request.Header = append(repeated.Request.Header, hashField(right))

	cases := []Case{
		hashCase("right", "POST", small, right, "Sending the right hash must not make a request fail.", accepted...),
		hashCase("right, in upper case", "POST", small, strings.ToUpper(right), "SigV4 uses lower case, so a hash that is forwarded in upper case breaks the signature.", accepted...),
		strayHash("right, of an empty body", "POST", sha256Hex(nil), "SDKs send the hash of an empty body with an empty POST."),
		hashCase("right, with DELETE", "DELETE", small, right, "If the edge can't see the body of a DELETE, this is the only way to send one.", accepted...).informational(inferredHidden),
		hashCase("wrong", "POST", small, wrong, whyWrong, mismatch...),
		hashCase("wrong, with PUT", "PUT", small, wrong, whyWrong, mismatch...),
		hashCase("wrong, with PATCH", "PATCH", small, wrong, whyWrong, mismatch...),
		hashCase("wrong, with DELETE", "DELETE", small, wrong, "Whether or not the edge sees the body of a DELETE, a wrong hash must not reach the handler.",
			either("400 and JSON with error body_hash_mismatch, or 403 and InvalidSignatureException", mismatch, unverified)).informational(inferredHidden),
		hashCase("UNSIGNED-PAYLOAD, with DELETE", "DELETE", small, "UNSIGNED-PAYLOAD", whyReplaced+" If the edge can't see the body, it can't replace the value.",
			either("200 and the same bytes back, or 411 and JSON with error body_not_shown", accepted, []Check{status(411), rejectedByEdge("body_not_shown")})),
		hashCase("wrong, with DELETE, no body", "DELETE", nil, wrong, whyWrong, mismatch...).informational(inferredNothing),
		strayHash("of nothing, with GET", "GET", sha256Hex(nil), whyStray),
		strayHash("of another body, with GET", "GET", wrong, "A fetch that follows a 303 after a POST sends the hash of the POST's body."),
		strayHash("right, with OPTIONS", "OPTIONS", sha256Hex(nil), whyStray).informational(inferredNothing),
		repeated,
		hashCase("UNSIGNED-PAYLOAD", "POST", small, "UNSIGNED-PAYLOAD", whyReplaced, accepted...),
		hashCase("not a hash", "POST", small, "not-a-hash", whyReplaced, accepted...),
		hashCase("1 MB + 1, none", "POST", blob(megabyte+1), "", whyCut, tooLarge...).informational(inferredMegabyte),
	}
	large := blob(3 * megabyte)
	return append(cases,
		hashCase("3 MB, none", "POST", large, "", whyCut, tooLarge...),
		hashCase("3 MB, UNSIGNED-PAYLOAD", "POST", large, "UNSIGNED-PAYLOAD", whyCut, tooLarge...),
		hashCase("3 MB, right", "POST", large, sha256Hex(large), "A client that sends the hash itself isn't limited to 1 MB.", accepted...).informational(inferredCut),
		hashCase("3 MB, wrong", "POST", large, wrong, "The edge can't see the whole body, so Lambda must reject it.", unverified...).informational(inferredCut),
	)
}

func hashCase(name, method string, body []byte, hash, why string, checks ...Check) Case {
	c := newCase(name, why, withBody(method, "/echo", octets, body), checks...)
	if hash != "" {
		c.Request.Header = append(c.Request.Header, hashField(hash))
	}
	return c
}

// strayHash sends a hash without a body.
func strayHash(name, method, hash, why string) Case {
	return newCase(name, why, Request{Method: method, Target: "/inspect", Header: []Field{hashField(hash)}}, status(200), sawRequest())
}
