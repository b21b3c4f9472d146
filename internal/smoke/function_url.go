package smoke

// functionURLCases send requests to the function URL itself, to bypass
// CloudFront.
func functionURLCases() []Case {
	const why = "A client that knows the function URL must not bypass CloudFront with its firewall, headers and logs: AuthType is AWS_IAM, and only the distribution has permission."
	return []Case{
		{
			Name:          "GET, unsigned",
			Why:           why,
			Request:       Request{Method: "GET", Target: "/"},
			Checks:        []Check{status(403), rejectedByLambda("AccessDeniedException"), message("Forbidden")},
			ToFunctionURL: true,
		},
		{
			Name:          "POST, unsigned",
			Why:           why,
			Request:       Request{Method: "POST", Target: "/echo", Header: []Field{typeField("application/json")}, Body: []byte("{}")},
			Checks:        []Check{status(403), rejectedByLambda("AccessDeniedException"), message("Forbidden")},
			ToFunctionURL: true,
			NeedsDemo:     true,
		},
		{
			Name:          "GET with a bearer token",
			Why:           why + " Inferred: the error type. Any is accepted.",
			Request:       Request{Method: "GET", Target: "/", Header: []Field{{"Authorization", bearer}}},
			Checks:        []Check{status(403), rejectedByLambda()},
			ToFunctionURL: true,
		},
	}
}
