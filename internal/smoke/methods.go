package smoke

func methodCases() []Case {
	const why = "A method that does not arrive is missing from AllowedMethods, or its signature fails without a body."
	var cases []Case
	for _, method := range []string{"GET", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"} {
		cases = append(cases, Case{
			Name:      method,
			Why:       why,
			Request:   Request{Method: method, Target: "/inspect"},
			Checks:    []Check{status(200), sawRequest()},
			NeedsDemo: true,
		})
	}
	return append(cases, Case{
		Name:      "HEAD",
		Why:       why,
		Request:   Request{Method: "HEAD", Target: "/inspect"},
		Checks:    []Check{status(200), noBody(), header("Content-Type", "application/json")},
		NeedsDemo: true,
	})
}

// sawRequest wants the handler to have seen the method and an empty body.
func sawRequest() Check {
	return seen("the method arrives, without a body", func(a *Answer, saw inspection) string {
		switch {
		case saw.Method != a.Request.Method:
			return "the handler saw " + saw.Method
		case saw.BodyLength != 0 || saw.BodySHA256 != sha256Hex(nil):
			return "the handler saw a body"
		}
		return ""
	})
}
