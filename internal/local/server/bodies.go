package server

import (
	"context"

	"golang.org/x/sync/semaphore"
)

// MaxBodies limits the request bodies in flight, in bytes, in the whole process.
// Edge functions and Lambda keep several copies of a body: without the limit,
// 2,000 viewers with 1 MB each took 2.4 GB.
const MaxBodies = 64 << 20

const (
	maxBody     = 6 << 20 // Lambda rejects larger ones before it reads them
	unknownBody = 1 << 20 // what a chunked body counts as
)

var bodies = semaphore.NewWeighted(MaxBodies)

// AdmitBody waits for room for a body, whose length is in bytes, or negative if
// unknown. Until then, the body stays in the viewer's connection. The caller must
// call release when it has the response. The error is ctx's.
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
