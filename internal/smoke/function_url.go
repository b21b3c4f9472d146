package smoke

// functionURLCases send requests to the function URL itself, to bypass
// CloudFront.
func functionURLCases() []Case {
	const why = "A client that knows the function URL must not bypass CloudFront with its firewall, headers and logs: AuthType is AWS_IAM, and only the distribution has permission."
	forbidden := []Check{status(403), rejectedByLambda("AccessDeniedException"), bodyHas(`"Message":"Forbidden`)}
	cases := []Case{
		newCase("GET, unsigned", why, get("/"), forbidden...),
		newCase("POST, unsigned", why, withBody("POST", "/echo", "application/json", []byte("{}")), forbidden...),
		newCase("GET with a bearer token", why+" The error type isn't documented, so any is accepted.",
			get("/", Field{"Authorization", bearer}),
			status(403), rejectedByLambda("")),
	}
	for i := range cases {
		cases[i].ToFunctionURL = true
		cases[i].AnyOrigin = cases[i].Request.Method == "GET"
	}
	return cases
}
