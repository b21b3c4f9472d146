// Package local serves the stacks of a CDK app, or of templates, on this machine. Open
// puts it together: assembly reads cdk.out, templatefile reads templates, template
// resolves them, build makes distributions and function URLs of them, hosts routes
// requests, and access_log writes a line for each.
//
// The packages below it, from the top:
//
//   - build reads the properties of resources and composes what follows.
//   - cloudfront emulates a distribution, cffunction runs its CloudFront Functions.
//   - functionurl emulates a function URL, lambda runs functions, including those
//     at the edge.
//   - bucket emulates an S3 bucket over directories.
//   - template resolves templates, assembly reads the cloud assembly, and templatefile
//     makes its like of template files.
//   - iam decides by policies, sigv4 signs and verifies, wildcard matches path
//     patterns and policies, spool keeps bodies of requests, and exchange collects
//     what the parts know of one
//     request for its log line.
//
// Three packages stand beside them: server listens, authority signs its
// certificates, and watch replaces one Edge with the next.
package local
