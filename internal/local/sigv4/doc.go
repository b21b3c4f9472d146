// Package sigv4 plays AWS's side and the caller's side of Signature Version 4
// as Lambda and S3 take it: in the Authorization header. [Sign] signs a request
// and a [Verifier] checks one, both with the signer of the AWS SDKs for Go
// (smithy-go/aws-http-auth).
//
// Left out: signatures in the query string (presigned URLs), chunk-signed
// payloads, and SigV4A. Two things are not known of AWS's own
// verifier and are said here: whether it normalises paths (both forms are
// taken) and how it reads a "+" in a query (as a space, like the signer).
// The signer orders query parameters by their decoded names, AWS by their
// encoded ones; a request whose names sort differently in the two (filter[a]
// beside filterB, names outside ASCII) verifies only if it was signed by an
// SDK for Go.
//
// See: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
package sigv4
