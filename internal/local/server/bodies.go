package server

import (
	"context"

	"golang.org/x/sync/semaphore"
)

// MaxBodies bounds the request bodies that are on their way to a response, in
// bytes, for all parts of the process. Edge functions and Lambda hold bodies
// whole, several times over: 2,000 viewers with 1 MB each took 2.4 GB.
const MaxBodies = 64 << 20

const (
	maxBody     = 6 << 20 // Lambda rejects larger ones before it reads them
	unknownBody = 1 << 20 // what a chunked body counts as
)

var bodies = semaphore.NewWeighted(MaxBodies)

// AdmitBody waits until there is room for a body of the length in bytes, negative
// if unknown, which stays in the viewer's connection until then. The caller must
// call release when there is a response. An error is ctx's.
func AdmitBody(ctx context.Context, length int64) (release func(), err error) {
	size := min(length, maxBody)
	if size < 0 {
		size = unknownBody
	}
	if err := bodies.Acquire(ctx, size); err != nil {
		return nil, err
	}
	return func() { bodies.Release(size) }, nil
}
