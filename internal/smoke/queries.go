package smoke

// queryCases test queries that signers are known to get wrong. For the signature
// each parameter is decoded, encoded again and sorted, while the query itself is
// sent as it was written.
//
// See: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
func queryCases() []Case {
	const (
		why      = "A 403 with InvalidSignatureException means that signer and verifier encode this query differently."
		inferred = why + " Inferred: on AWS the two agree; no report says otherwise."
		sorted   = "SigV4 sorts parameters by their encoded names and values. Here the order of the decoded ones is different, and a signer that sorts those gets a 403 with InvalidSignatureException. Inferred: CloudFront and Lambda agree."
	)
	var cases []Case
	for _, q := range []struct{ name, query, why string }{
		{"plain", "b=2&a=1", why + " These names aren't sorted."},
		{"%20", "q=a%20b", inferred},
		{"+", "q=a+b", inferred + " A plus must not become %2B, which is a different value."},
		{"%2B", "q=a%2Bb", inferred},
		{"%2F", "q=a%2Fb", inferred},
		{"%2f in lower case", "q=a%2fb", inferred + " Signatures use upper case for hexadecimal digits."},
		{"empty value", "a=&b=1", inferred},
		{"no value", "a&b=1", inferred},
		{"repeated names", "k=2&k=1&k=2", inferred + " All values must arrive in this order."},
		{"Unicode", "q=gr%C3%BC%C3%9Fe&%E4%B8%96=%F0%9F%8C%8D", inferred},
		{";", "q=a;b", inferred},
		{"= in a value", "token=abc==", inferred},
		{"%26 and %3D", "q=a%26b%3Dc", inferred + " If it is decoded once too often, it becomes two parameters."},
		{"unreserved", "q=-._~", inferred},
		{"names that sort after encoding", "a1=1&a%5B0%5D=2&%7Bz%7D=3&z=4", sorted + " Frameworks for forms and lists use such names."},
		{"values that sort after encoding", "k=z&k=%7B%7D&k=a", sorted},
		{"an encoded URL", "url=https%3A%2F%2Fexample.com%2Fa%3Fb%3Dc", inferred + " Image optimizers get such queries."},
	} {
		cases = append(cases, queryCase(q.name, q.query, q.why))
	}
	raw := queryCase("a raw URL", "url=https://example.com/a", inferred)
	raw.Informational = "On AWS a raw :// in a path fails the signature. For queries nothing is known."
	brackets := queryCase("raw brackets", "filter1=2&filter[name]=1", inferred+" Browsers send brackets without encoding them.")
	brackets.Informational = "Whether CloudFront forwards raw brackets or encodes them isn't documented."
	return append(cases, raw, brackets)
}

func queryCase(name, query, why string) Case {
	return newCase(name, why, get("/inspect?"+query), status(200), sawQuery())
}
