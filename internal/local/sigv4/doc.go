// Package sigv4 signs requests and checks signatures by Signature Version 4, as
// Lambda and S3 require it in the Authorization header, and S3 in the fields of a form.
//
// Left out: presigned URLs, which are rejected by name, chunk-signed payloads
// and SigV4A.
//
// Inferred, because nothing published says it: a path passes whether it was
// signed normalized or as it is, and a "+" in a query is a space.
//
// See: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
package sigv4
