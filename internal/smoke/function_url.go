package smoke

// functionURLCases ask the function URL itself, as somebody who wants to go
// round CloudFront would.
func functionURLCases() []Case {
	const why = "Who knows the address must not get round CloudFront, and so round its firewall, its headers and its logs: AuthType is AWS_IAM, and only the distribution is permitted."
	return []Case{
		{
			Name:          "GET, not signed",
			Why:           why,
			Request:       Request{Method: "GET", Target: "/"},
			Checks:        []Check{status(403), refusedByLambda("AccessDeniedException"), message("Forbidden")},
			ToFunctionURL: true,
		},
		{
			Name:          "POST, not signed",
			Why:           why,
			Request:       Request{Method: "POST", Target: "/echo", Header: []Field{typeField("application/json")}, Body: []byte("{}")},
			Checks:        []Check{status(403), refusedByLambda("AccessDeniedException"), message("Forbidden")},
			ToFunctionURL: true,
			NeedsDemo:     true,
		},
		{
			Name:          "GET, by a bearer token",
			Why:           why + " Inferred: which error type it is, so any will do.",
			Request:       Request{Method: "GET", Target: "/", Header: []Field{{"Authorization", bearer}}},
			Checks:        []Check{status(403), refusedByLambda()},
			ToFunctionURL: true,
		},
	}
}
