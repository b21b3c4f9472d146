// Package cffunction plays CloudFront Functions: it runs the JavaScript of an
// AWS::CloudFront::Function at viewer-request and viewer-response, in goja,
// and checks its answers as CloudFront does.
//
// A Function refuses at New what AWS accepts at deployment and then fails at
// every request with a 503: code over 10 KB, syntax that the runtime's page
// does not list (see the table in rules.go), imports of unknown modules, and
// code without a handler. Syntax that the page omits but njs, the engine whose
// words CloudFront's errors carry, is known to take, is accepted with a
// warning. Both runtimes are played: cloudfront-js-2.0, and cloudfront-js-1.0
// with its smaller set.
//
// Every request runs the code from its first line, so variables of the module
// never outlive a request. AWS promises nothing about such state; what a
// function writes into a built-in object (Array.prototype.x = …) may be seen by
// a later request here, which it should not rely on.
//
// Not modelled:
//   - the memory quota of 2 MB, which the engine can't count: a run is stopped
//     when the process grows by 128 MB, and endless recursion is stopped;
//   - compute utilization: AWS allows about a millisecond of CPU time, here a
//     run is only stopped after two seconds of wall time;
//   - failover of cf.createRequestOriginGroup, CWT, the helpers of multi-tenant
//     distributions, and x-amzn-tls-* headers, which need TLS;
//   - the byte-string methods of runtime 1.0 (String.bytesFrom and the like);
//   - differences inside one built-in between goja and njs. Built-ins that
//     goja has and the pages do not list are removed (see builtins.go).
package cffunction
