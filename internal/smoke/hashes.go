package smoke

import "strings"

func hashCases() []Case {
	small := everyByte()
	right, wrong := sha256Hex(small), sha256Hex([]byte("another body"))
	taken := []Check{status(200), echoed()}
	mismatch := []Check{status(400), refusedByEdge("body_hash_mismatch")}
	tooLarge := []Check{status(413), refusedByEdge("body_too_large")}

	const (
		whyReplaced = "What is no hash must be replaced by the real one: Lambda takes no unsigned payload. Clients that sign for S3 send such values."
		whyWrong    = "A wrong hash must be refused in words, not by a signature that does not match."
		whyCut      = "The edge sees the first 1 MB only, and a hash of that would be wrong; the client must be told to send its own."
		whyOwn      = "A client that sends the hash itself is not bound to 1 MB. Inferred: CloudFront sends on the whole body with that hash."
	)
	cases := []Case{
		hashCase("right", "POST", small, right, "A client that declares its body must not be worse off than one that does not.", taken),
		hashCase("right, in upper case", "POST", small, strings.ToUpper(right), "SigV4 writes hashes in lower case; a signature over another case does not match.", taken),
		hashCase("right, of an empty body", "POST", []byte{}, sha256Hex(nil), "SDKs send the hash of nothing with an empty POST.", taken),
		hashCase("right, with DELETE", "DELETE", small, right, "Where the edge does not see the body of a DELETE, this is the only way to send one. Inferred: Lambda checks the hash.", taken),
		hashCase("wrong", "POST", small, wrong, whyWrong, mismatch),
		hashCase("wrong, with PUT", "PUT", small, wrong, whyWrong, mismatch),
		hashCase("wrong, with PATCH", "PATCH", small, wrong, whyWrong, mismatch),
		hashCase("UNSIGNED-PAYLOAD", "POST", small, "UNSIGNED-PAYLOAD", whyReplaced, taken),
		hashCase("not a hash", "POST", small, "not-a-hash", whyReplaced, taken),
	}
	for _, large := range []struct {
		name string
		size int
	}{{"1 MB + 1", megabyte + 1}, {"3 MB", 3 * megabyte}} {
		body := blob(large.size)
		cases = append(cases,
			hashCase(large.name+", right", "POST", body, sha256Hex(body), whyOwn, taken),
			hashCase(large.name+", wrong", "POST", body, wrong,
				"Nobody at the edge sees the whole body, so Lambda must refuse it. Inferred: that the hash reaches it as it was sent.",
				[]Check{status(403), refusedByLambda("InvalidSignatureException")}),
			hashCase(large.name+", UNSIGNED-PAYLOAD", "POST", body, "UNSIGNED-PAYLOAD", whyCut, tooLarge),
			hashCase(large.name+", none", "POST", body, "", whyCut, tooLarge),
		)
	}
	return cases
}

func hashCase(name, method string, body []byte, hash, why string, checks []Check) Case {
	c := Case{
		Name:      name,
		Why:       why,
		Request:   Request{Method: method, Target: "/echo", Header: []Field{typeField(octets)}, Body: body},
		Checks:    checks,
		NeedsDemo: true,
	}
	if hash != "" {
		c.Request.Header = append(c.Request.Header, hashField(hash))
	}
	return c
}
