package main

import (
	"net/http"
	"time"
)

// maxWait is longer than CloudFront waits for an origin at most, in milliseconds.
//
// See: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/DownloadDistValuesOrigin.html
const maxWait = 130_000

// status responds as the query asks: with a code, after a time to wait in
// milliseconds. With fail, the handler fails once the body has begun.
func status(w http.ResponseWriter, r *http.Request) {
	code, ok := number(w, r, "code", http.StatusOK, http.StatusOK, 599)
	if !ok {
		return
	}
	wait, ok := number(w, r, "wait", 0, 0, maxWait)
	if !ok || !pause(r.Context(), time.Duration(wait)*time.Millisecond) {
		return
	}
	w.Header().Set("ETag", `"cloudfurl"`)
	switch {
	case code >= 300 && code < 400:
		w.Header().Set("Location", "inspect")
	case code == http.StatusTooManyRequests || code == http.StatusServiceUnavailable:
		w.Header().Set("Retry-After", "1")
	}
	respondError(w, code, "as asked")
	if r.URL.Query().Has("fail") {
		http.NewResponseController(w).Flush()
		panic("the request asked the handler to fail")
	}
}
