package smoke

import (
	"cmp"
	"net/http"
)

// DefaultPost is a path that apps don't have, so that a POST changes nothing.
const DefaultPost = "/cloudfurl-check"

// Probe returns the cases that tell what is wrong with any distribution: one request
// each. The POSTs go to a path.
// Default: DefaultPost
func Probe(path string) []Case {
	const (
		why      = "Whatever the app is, its distribution must pass the request on."
		whyHash  = "Origin access control signs the hash in place of the body, and nothing computes that unless an edge function does."
		whyKnown = "With the right hash from the viewer, Lambda accepts the signature without an edge function."
	)
	path = cmp.Or(path, DefaultPost)
	body := []byte("cloudfurl check")
	post := withBody(http.MethodPost, path, "text/plain", body)
	hashed := post
	hashed.Header = append([]Field{hashField(sha256Hex(body))}, post.Header...)
	asked := []Field{{"Origin", "https://www.example.com"}, {"Access-Control-Request-Method", http.MethodPost}}
	reached := Check{"a response of the app", func(r *Response) string {
		means, _ := r.meaning()
		return unless(means == "", "made by AWS")
	}}
	cases := []Case{
		newCase("GET", why, get("/"), reached),
		newCase("HEAD", why, Request{Method: http.MethodHead, Target: "/"}, reached),
		newCase("OPTIONS", why, Request{Method: http.MethodOptions, Target: path, Header: asked}, reached),
		newCase("POST without a hash", whyHash, post, reached),
		newCase("POST with its hash", whyKnown, hashed, reached),
	}
	for i := range cases {
		cases[i].AnyOrigin = true
	}
	return append(group("Distribution", cases), group("Function URL", functionURLCases()[:1])...)
}
