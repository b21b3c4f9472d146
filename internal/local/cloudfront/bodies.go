package cloudfront

import "github.com/cloudfurl/cloudfurl/internal/local/server"

// limitBodies makes requests with a body wait while too many bytes are under
// way.
func (d *Distribution) limitBodies(next handler) handler {
	return func(v *visit) *response {
		release, err := server.AdmitBody(v.ctx, v.request.body.length)
		if err != nil {
			return nil // the viewer has left
		}
		defer release()
		return next(v)
	}
}
