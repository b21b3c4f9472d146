// Package bucket emulates an S3 bucket as CloudFront sees it: a [Bucket] is the
// REST endpoint, an http.RoundTripper over directories of this machine. It is also a
// handler, for functions that read objects and for forms that they have presigned.
//
// It supports GET and HEAD of objects with ranges and conditions, the metadata
// that a deployment gave them, the signature of origin access control, the legacy
// origin access identity, the bucket policy, Block Public Access, and S3's
// responses to callers without permission. It reads the directories at each
// request, so a change in them shows at once.
//
// Left out: website endpoints, writing except by forms, Signature Version 2 of forms,
// listing, versions, ACLs, CORS, encryption
// with KMS, S3's entity tags (one here changes with the file's size and time), and
// query parameters, which are ignored. If the policy permits a
// request that isn't supported, the response is 501 NotImplemented, and a line in
// the log names it.
//
// See: https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
package bucket
