// Package smoke holds the conformance matrix of a streaming function URL behind
// CloudFront, and runs it over HTTP: against the local edge and against a live
// distribution alike, with the same cases and the same words.
//
// A case is data: what is sent, what must come, and why it matters. What AWS
// documents or what was seen there is asserted. Where an expectation is only
// inferred, the case's Why says so. Where AWS may rightly answer in more than
// one way, the case is Informational: it reports what came and decides nothing.
//
// Most cases talk to functions/demo. Without it they are left out by name, and
// nothing but GET is sent.
//
// Left out of the matrix: HTTP/2 and HTTP/3 (requests are HTTP/1.1, byte for
// byte as the case writes them), the read timeout, the 6 MB and 200 MB limits
// and throttling, which cost minutes or money on a live distribution.
package smoke
