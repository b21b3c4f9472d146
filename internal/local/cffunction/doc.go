// Package cffunction emulates CloudFront Functions: it runs the JavaScript of an
// AWS::CloudFront::Function at viewer-request and viewer-response, in goja, and
// validates its results as CloudFront does.
//
// New rejects what AWS accepts at deployment and then fails with a 503 at every
// request: code over 10 KB, syntax that the runtime's page doesn't list (see
// package cloudfrontjs), imports of unknown modules, and code without a handler.
// Syntax that the page omits but njs supports, the engine whose words
// CloudFront's errors have, is accepted with a warning. Both runtimes are
// supported: cloudfront-js-2.0, and cloudfront-js-1.0 with its smaller set.
//
// Every request runs the code from its first line, so variables of the module
// never outlive a request. AWS promises nothing about such state. What a
// function writes into a built-in object (Array.prototype.x = …) may be seen by
// a later request here.
//
// Left out:
//   - the memory quota of 2 MB, which the engine can't count: a run is stopped
//     when the process grows by 256 MB, lengths and recursion are bounded
//     (js/memory.js). What one call of replace or JSON.stringify makes of many
//     parts isn't;
//   - compute utilization: AWS allows about a millisecond of CPU time, here a
//     run is stopped after two seconds of wall time;
//   - failover of cf.createRequestOriginGroup, CWT, the helpers of multi-tenant
//     distributions, and x-amzn-tls-* headers, which need TLS;
//   - a < b < c, which the parser reads as a < (b < c); and the module of an
//     import in statements that stand before it;
//   - the byte-string methods of runtime 1.0 (String.bytesFrom and the like), and
//     in both what hardly any function calls, which throws an error that names it:
//     Buffer's numbers of a variable size, swap16 and its like, lastIndexOf and
//     write, and TextEncoder.encodeInto;
//   - the limit of 10 KB on the log of one run;
//   - differences inside one built-in between goja and njs. Built-ins that
//     goja has and the pages don't list are removed (see builtins.go).
package cffunction
