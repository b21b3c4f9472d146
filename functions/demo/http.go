package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/cloudfurl/cloudfurl/internal/contract"
)

const headerRequestHost = "X-Request-Host"

// viewerHost returns the host that the viewer asked for, or "unknown" if the
// request didn't come through CloudFront.
func viewerHost(r *http.Request) string {
	return cmp.Or(r.Header.Get(contract.HeaderOriginalHost), "unknown")
}

// allow responds to other methods with 405.
func allow(next http.HandlerFunc, methods ...string) http.HandlerFunc {
	allowed := strings.Join(methods, ", ")
	return func(w http.ResponseWriter, r *http.Request) {
		if slices.Contains(methods, r.Method) {
			next(w, r)
			return
		}
		w.Header().Set("Allow", allowed)
		respondError(w, http.StatusMethodNotAllowed, r.Method+" isn't allowed here: use "+allowed)
	}
}

// respond sends v as a line of JSON.
func respond(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(v)
}

// respondError sends an error in the shape of the edge functions.
func respondError(w http.ResponseWriter, status int, message string) {
	respond(w, status, map[string]any{"error": map[string]string{"message": message}})
}

// number returns the value of a parameter of the query, or fallback without one.
// If it returns false, it has sent the error response.
func number(w http.ResponseWriter, r *http.Request, name string, fallback, least, most int) (int, bool) {
	text := r.URL.Query().Get(name)
	if text == "" {
		return fallback, true
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < least || n > most {
		respondError(w, http.StatusBadRequest, fmt.Sprintf("%s is %q: use a whole number from %d to %d", name, text, least, most))
		return 0, false
	}
	return n, true
}

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
