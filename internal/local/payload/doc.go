// Package payload has what function URLs and REST APIs have in common: what they
// take from a request for the event, the head of what a function returns, and its
// stream.
package payload
