package cloudfront

import "golang.org/x/sync/semaphore"

// Bounds on the request bodies that are on their way to an origin's response, in
// bytes, for all distributions of the process. Edge functions and Lambda hold
// bodies whole, several times over: 2,000 viewers with 1 MB each took 2.4 GB.
const (
	maxBodies   = 64 << 20
	maxBody     = 6 << 20 // Lambda rejects larger ones before it reads them
	unknownBody = 1 << 20 // what a chunked body counts as
)

var bodies = semaphore.NewWeighted(maxBodies)

// limitBodies makes requests with a body wait while too many bytes are under
// way. What waits stays in the viewer's connection.
func (d *Distribution) limitBodies(next handler) handler {
	return func(v *visit) *response {
		size := min(v.request.body.length, maxBody)
		if size == 0 {
			return next(v)
		}
		if size < 0 {
			size = unknownBody
		}
		if bodies.Acquire(v.ctx, size) != nil {
			return nil // the viewer has left
		}
		defer bodies.Release(size)
		return next(v)
	}
}
