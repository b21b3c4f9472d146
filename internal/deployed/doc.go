// Package deployed checks stacks as they are on AWS. It reads their templates, puts in
// the place of what is on the path of requests what AWS has of it now, in the shape of
// CloudFormation, and applies the rules for templates to that. It only reads.
//
// Live are distributions with their origin access controls, cache and origin request
// policies, CloudFront Functions and versions of Lambda@Edge functions, with their code,
// and Lambda functions with their URLs, resource policies and roles' trust policies, of
// the stacks that are read.
//
// Left out: the code of other Lambda functions, response headers policies, key groups, the
// runtime of CloudFront Functions, and how buckets and REST APIs differ from their
// templates.
package deployed
