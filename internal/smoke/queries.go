package smoke

// queryCases test queries that signers are known to get wrong. For the signature
// each parameter is decoded, encoded again and sorted, while the query itself is
// sent as it was written.
//
// See: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
func queryCases() []Case {
	const (
		why      = "A 403 with InvalidSignatureException means that signer and verifier encode this query differently."
		sorted   = "SigV4 sorts parameters by their encoded names and values. Here the order of the decoded ones is different, and a signer that sorts those gets a 403 with InvalidSignatureException."
		inferred = "Inferred: CloudFront and Lambda agree on the signature of this query. No report says otherwise."
	)
	cases := []Case{queryCase("plain", "b=2&a=1", why+" These names aren't sorted.")}
	for _, q := range []struct{ name, query, why string }{
		{"%20", "q=a%20b", why},
		{"+", "q=a+b", why + " A plus must not become %2B, which is a different value."},
		{"%2B", "q=a%2Bb", why},
		{"%2F", "q=a%2Fb", why},
		{"%2f in lower case", "q=a%2fb", why + " Signatures use upper case for hexadecimal digits."},
		{"empty value", "a=&b=1", why},
		{"no value", "a&b=1", why},
		{"repeated names", "k=2&k=1&k=2", why + " All values must arrive in this order."},
		{"Unicode", "q=gr%C3%BC%C3%9Fe&%E4%B8%96=%F0%9F%8C%8D", why},
		{";", "q=a;b", why},
		{"= in a value", "token=abc==", why},
		{"%26 and %3D", "q=a%26b%3Dc", why + " If it is decoded once too often, it becomes two parameters."},
		{"unreserved", "q=-._~", why},
		{"names that sort after encoding", "a1=1&a%5B0%5D=2&%7Bz%7D=3&z=4", sorted + " Frameworks for forms and lists use such names."},
		{"values that sort after encoding", "k=z&k=%7B%7D&k=a", sorted},
		{"an encoded URL", "url=https%3A%2F%2Fexample.com%2Fa%3Fb%3Dc", why + " Image optimizers get such queries."},
	} {
		cases = append(cases, queryCase(q.name, q.query, q.why).informational(inferred))
	}
	return append(cases,
		queryCase("a raw URL", "url=https://example.com/a", why).
			informational("On AWS a raw :// in a path fails the signature. For queries nothing is known."),
		queryCase("raw brackets", "filter1=2&filter[name]=1", why+" Browsers send brackets without encoding them.").
			informational("Whether CloudFront forwards raw brackets or encodes them isn't documented."))
}

func queryCase(name, query, why string) Case {
	return newCase(name, why, get("/inspect?"+query), status(200), sawQuery())
}
