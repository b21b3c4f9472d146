// Package build turns the resources of a resolved deployment into the parts of a
// local edge: distributions, function URLs, REST APIs, and what they reach. Each file reads
// the properties of one kind of resource and hands them to the package that
// emulates the service:
//
//   - distribution.go, behavior.go, policies.go, response_headers_policy.go,
//     origin.go, network_origin.go → cloudfront
//   - viewer_function.go → cffunction
//   - function.go, start.go, code.go, given.go, edge_function.go, image.go,
//     hosted_image.go → lambda
//   - function_url.go → functionurl
//   - rest_api*.go → restapi
//   - permission.go, role.go → iam
//   - bucket.go, bucket_deployment.go, bucket_source.go → bucket, iam
//   - keys.go → sigv4
//
// What has an address becomes a Part (part.go). Build only reads; App.Start looks for
// the programs of this machine that functions need. What AWS would
// reject is a Finding (finding.go) of one of the Rules (rules.go), which is logged and
// returned by Check; route.go applies the rules about a behavior and its origin.
//
// Each struct of properties says of every property that AWS documents whether it
// is supported, has no effect on this machine, is left out with a line in the
// log, or is unsupported. A part with an unsupported property, or one that another
// app defines, responds with 501 (stub.go), unless Options.Origins puts something
// in its place (replacement.go). The rest of the app is served.
package build
