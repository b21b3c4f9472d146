// Package server listens for the requests of the local edge. All parts share one
// port and are told apart by Host. A part that clients need to reach by an
// address gets its own port too.
//
// It limits how long a client may take, and logs clients that speak TLS to a port
// without. Left out: how long one stream of HTTP/2 may wait to be read, and what else
// net/http rejects before a handler sees it, which it tells the client only.
package server
