// Package spool keeps the bodies of requests, and writes them into events. What
// doesn't fit into a bound of memory goes to temporary files. So no request waits
// for room that another one holds, however slowly that is sent, and none has to
// hold room while it waits for a handler.
package spool
