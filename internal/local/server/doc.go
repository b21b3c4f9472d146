// Package server listens for the requests of the local edge. All parts share one
// port and are told apart by Host. A part that clients need to reach by an
// address gets its own port too.
//
// It limits how long a client may take, and logs the requests that net/http rejects
// before a handler sees them. Left out: how long one stream of HTTP/2 may wait to be read.
package server
