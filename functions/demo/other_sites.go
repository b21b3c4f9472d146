package main

import "net/http"

// isFromOtherSite reports whether a page of another site made the browser send
// the request, other than by a link that somebody follows. As an image or a form,
// it could make each of its visitors download 200 MB at the owner's expense. Of
// requests that no page makes, such as curl's, nothing says where they are from.
//
// See: https://www.w3.org/TR/fetch-metadata/
func isFromOtherSite(r *http.Request) bool {
	switch r.Header.Get("Sec-Fetch-Site") {
	case "", "none", "same-origin":
		return false
	}
	follows := (r.Method == http.MethodGet || r.Method == http.MethodHead) &&
		r.Header.Get("Sec-Fetch-Mode") == "navigate" && r.Header.Get("Sec-Fetch-Dest") == "document"
	prefetches := r.Header.Get("Sec-Purpose") != ""
	return !follows || prefetches
}
