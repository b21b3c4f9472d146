package smoke

func methodCases() []Case {
	const why = "If a method doesn't arrive, it is missing from AllowedMethods, or its signature fails without a body."
	var cases []Case
	for _, method := range []string{"GET", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"} {
		cases = append(cases, newCase(method, why, Request{Method: method, Target: "/inspect"}, status(200), sawRequest()))
	}
	return append(cases, newCase("HEAD", why,
		Request{Method: "HEAD", Target: "/inspect"},
		status(200), bodyIs(""), header("Content-Type", "application/json")).informational(emptyStream),
		newCase("OPTIONS, preflight", "Browsers ask before other sites may send such a request. The handler decides only if it sees what they ask for.",
			Request{Method: "OPTIONS", Target: "/inspect", Header: []Field{{"Origin", "https://app.example.com"}, {"Access-Control-Request-Method", "PUT"}}},
			status(200), sawHeader("Origin", "https://app.example.com"), sawHeader("Access-Control-Request-Method", "PUT")))
}

// sawRequest expects the handler to see the method and no body.
func sawRequest() Check {
	return seen("the method arrives, without a body", func(r *Response, saw inspection) string {
		switch {
		case saw.Method != r.Request.Method:
			return "the handler saw " + saw.Method
		case saw.BodyLength != 0 || saw.BodySHA256 != sha256Hex(nil):
			return "the handler saw a body"
		}
		return ""
	})
}
