// Package edge holds the two functions that run at the edge, in front of a
// function URL, as the source code that is deployed. They are embedded, because
// a library cannot read files from its consumer's directory.
package edge

import _ "embed"

// OriginalHost is the source of the CloudFront Function original_host, for
// viewer-request on cloudfront-js-2.0. It copies the viewer's Host and
// Authorization to X-Original-Host and X-Original-Authorization, replaces or
// removes what the viewer sent under these names, and drops Accept-Encoding:
// attach it only to behaviors that stream. It is shorter than the 10 KB that
// CloudFront takes.
//
//go:embed original_host.js
var OriginalHost string

// BodyHasher is the source of the Lambda@Edge function body_hasher, for
// origin-request with the body included, on nodejs22.x or later. It is a
// CommonJS module without dependencies that exports handler: in a file named
// index.js the function's handler is "index.handler". It sets
// X-Amz-Content-Sha256 to the SHA-256 of the body, and answers requests whose
// body it cannot hash, or whose hash is wrong, with an error in JSON.
//
//go:embed body_hasher.js
var BodyHasher string
