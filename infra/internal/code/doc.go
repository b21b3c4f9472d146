// Package code makes the code of functions: of Lambda functions from Go packages,
// apps and Dockerfiles, and what CloudFront serves beside them. It checks what is
// given, and knows how AWS's Lambda Web Adapter runs an app. It takes plain values and
// returns errors; infra translates tokens and the types of awscdk, so this package
// needs no Node.js.
package code
