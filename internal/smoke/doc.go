// Package smoke holds the conformance matrix of a streaming function URL behind
// CloudFront and runs it over HTTP. The same cases test the local edge and a live
// distribution.
//
// A case is data: the request, the expected response, and why it matters. What
// AWS documents, or what was seen there, is asserted. If AWS may respond in more
// than one way, or an expectation is only inferred, the case is Informational: it
// never fails, and the report says whether the response was as expected.
//
// Most cases need functions/demo. Without it they are skipped, and only GET
// requests are sent.
//
// Left out of the matrix: HTTP/2 and HTTP/3 (requests are HTTP/1.1, byte for
// byte as the case has them), signed URLs and cookies, the 6 MB and 200 MB limits,
// and Lambda's throttling, which would cost minutes or money on a live distribution.
package smoke
