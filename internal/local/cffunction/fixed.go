package cffunction

// Failing returns a function that fails every call with err. CloudFront deploys
// a function that can't run, and fails its requests.
func Failing(err error) *Function {
	return &Function{instead: func() (*Response, error) { return nil, err }}
}

// Responding returns a function that always responds with r.
func Responding(r Response) *Function {
	return &Function{instead: func() (*Response, error) {
		made := r
		made.Header = r.Header.Clone()
		return &made, nil
	}}
}
