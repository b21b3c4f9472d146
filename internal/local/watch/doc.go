// Package watch keeps a local edge up to date: when a source of the CDK app or
// its assembly changes, it makes the next version of the edge while the last one
// serves, and then sends new requests to the next.
//
//   - A Source says where assemblies come from and what is watched: App runs the
//     command of a CDK app as the CDK CLI does, Directory takes an assembly that
//     somebody else synthesizes.
//   - A Reloader watches a Source and opens what it prepares.
//   - Versions is the http.Handler: each request is answered to its end by the
//     version that was the newest when it came.
//
// Of the CDK CLI's part it leaves out context lookups, which need an account,
// and the account and region of the credentials in use.
package watch
