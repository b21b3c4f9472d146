// Package bucket plays an S3 bucket as CloudFront sees it: a [Bucket] is the
// REST endpoint and [Bucket.Website] the website endpoint, each an
// http.RoundTripper over directories of this machine.
//
// Played are GET and HEAD of objects with ranges and conditions, the metadata
// that a deployment gave them, the signature of origin access control, the
// legacy origin access identity, the bucket policy, Block Public Access, and
// the answers that S3 gives without a permission. Directories are read at each
// request, so what changes in them is served.
//
// Left out: writing, listing, versions, ACLs, CORS, encryption with KMS, and
// every other operation of S3. Such a request is answered 501 NotImplemented,
// with a line in the log that names it, once the policy permits it.
//
// See: https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
package bucket
