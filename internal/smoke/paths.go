package smoke

// pathCases test paths. How origin access control signs them isn't public. Lambda
// is known to reject some with InvalidSignatureException; for the others nothing
// is known.
//
// Seen: %20 and + (https://github.com/aws-samples/image-optimization/issues/44),
// a raw :// (aws-devtools-labs/aws-blocks, cdn_construct.ts).
func pathCases() []Case {
	const (
		why     = "A path that changes on the way names another resource."
		known   = "Known to fail on AWS with 403 and InvalidSignatureException. The local edge accepts it, because how CloudFront signs paths isn't public."
		unknown = "How CloudFront signs such a path isn't public. Paths with %20 are known to fail on AWS."
	)
	var cases []Case
	for _, p := range []struct{ name, path, informational string }{
		{"unreserved", "/inspect/a-b_c.d~e/1", ""},
		{"%20", "/inspect/a%20b", known},
		{"+", "/inspect/a+b", known},
		{"a raw URL", "/inspect/https://example.com/a", known},
		{"%2F", "/inspect/a%2Fb", unknown},
		{"%25", "/inspect/100%25", unknown},
		{"Unicode", "/inspect/gr%C3%BC%C3%9Fe", unknown},
		{"@ : , ;", "/inspect/@a:b,c;d", unknown},
		{"a raw |", "/inspect/a%2Fb|c", unknown},
		{"an empty segment", "/inspect/a//b", unknown},
	} {
		cases = append(cases, newCase(p.name, why, get(p.path), status(200), sawPath()).informational(p.informational))
	}
	return cases
}
