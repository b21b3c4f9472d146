package cffunction

// Failing returns a function that fails every call with err. CloudFront deploys
// a function that can't run, and fails its requests.
func Failing(err error) *Function { return &Function{failure: err} }

// Responding returns a function that always responds with r.
func Responding(r Response) *Function { return &Function{fixed: &r} }

// response returns a copy of the fixed response.
func (f *Function) response() *Response {
	r := *f.fixed
	r.Header = r.Header.Clone()
	return &r
}
