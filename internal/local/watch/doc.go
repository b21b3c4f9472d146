// Package watch keeps a local edge up to date. When a source of the CDK app
// changes, it runs the app again, opens what was synthesized while the last
// version serves, and then sends new requests to the new version. Requests that
// come after a change wait for the version with it, up to 30 seconds.
//
//   - App runs the command of a CDK app as the CDK CLI does, and says which files
//     are its sources.
//   - Reloader watches the sources and opens each new assembly.
//   - Versions is the http.Handler. A request ends on the version that it began
//     on.
//
// It leaves out two things that the CDK CLI does: context lookups, which need an
// account, and passing on the account and region of the current credentials.
package watch
