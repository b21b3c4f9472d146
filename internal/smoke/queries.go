package smoke

// queryCases are queries that signers are known to get wrong: each parameter is
// decoded, encoded anew and sorted for the signature, while the query itself
// travels as it was written.
//
// See: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
func queryCases() []Case {
	const (
		why      = "A 403 with InvalidSignatureException means that two signers write this query differently."
		inferred = why + " Inferred: AWS's own two agree; nothing published says otherwise."
	)
	var cases []Case
	for _, q := range []struct{ name, query, why string }{
		{"plain", "b=2&a=1", why + " These are out of their order."},
		{"%20", "q=a%20b", inferred},
		{"+", "q=a+b", inferred + " A plus must not become %2B, which is another value."},
		{"%2B", "q=a%2Bb", inferred},
		{"%2F", "q=a%2Fb", inferred},
		{"%2f in lower case", "q=a%2fb", inferred + " Signatures write hexadecimal digits in upper case."},
		{"empty value", "a=&b=1", inferred},
		{"no value", "a&b=1", inferred},
		{"repeated names", "k=2&k=1&k=2", inferred + " All values must arrive in their order."},
		{"Unicode", "q=gr%C3%BC%C3%9Fe&%E4%B8%96=%F0%9F%8C%8D", inferred},
		{";", "q=a;b", inferred},
		{"= in a value", "token=abc==", inferred},
		{"%26 and %3D", "q=a%26b%3Dc", inferred + " Decoded once too often, it is two parameters."},
		{"unreserved", "q=-._~", inferred},
		{"an encoded URL", "url=https%3A%2F%2Fexample.com%2Fa%3Fb%3Dc", inferred + " Image optimizers are asked so."},
	} {
		cases = append(cases, queryCase(q.name, q.query, q.why))
	}
	raw := queryCase("a raw URL", "url=https://example.com/a", inferred)
	raw.Informational = "A raw :// fails the signature in paths on AWS. What it does in queries is not known."
	return append(cases, raw)
}

func queryCase(name, query, why string) Case {
	return Case{
		Name:      name,
		Why:       why,
		Request:   Request{Method: "GET", Target: "/inspect?" + query},
		Checks:    []Check{status(200), sawQuery()},
		NeedsDemo: true,
	}
}
