// Package spool keeps the bodies of requests, and writes them into events. Bodies of
// more than 64 KB are in temporary files. So no request waits for room that another one
// holds, however slowly that is sent, and many uploads take little memory.
package spool
