// Package local serves the stacks of a CDK app, or of templates, on this machine. Open
// puts it together: assembly reads cdk.out, templatefile reads templates, template
// resolves them, build makes distributions and function URLs of them, hosts routes
// requests, and access_log writes a line for each.
//
// The packages below it, from the top:
//
//   - build reads the properties of resources and composes what follows.
//   - cloudfront emulates a distribution, cffunction runs its CloudFront Functions.
//   - functionurl emulates a function URL, restapi a REST API, and payload has what both
//     need; lambda runs functions, including those at the edge, and adapter is the stand-in
//     for AWS's Lambda Web Adapter.
//   - bucket emulates an S3 bucket over directories.
//   - template resolves templates, assembly reads the cloud assembly, and templatefile
//     makes its like of template files.
//   - iam decides by policies, sigv4 signs and verifies, wildcard matches path
//     patterns and policies, headers has rules for headers, spool keeps bodies of
//     requests, trace records what happens to each, and exchange collects what the parts
//     know of one request for its log line.
//
// Others stand beside them: server listens, authority signs its certificates, watch
// replaces one Edge with the next, inspector serves the traces, and guard ends what was
// started.
package local
