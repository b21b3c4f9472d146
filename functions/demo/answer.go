package main

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"

	"github.com/cloudfurl/cloudfurl/internal/contract"
)

const headerRequestHost = "X-Request-Host"

// viewerHost is the host that the viewer asked for, or "unknown" if the
// request did not come through CloudFront.
func viewerHost(r *http.Request) string {
	if host := r.Header.Get(contract.HeaderOriginalHost); host != "" {
		return host
	}
	return "unknown"
}

// allow refuses the other methods.
func allow(next http.HandlerFunc, methods ...string) http.HandlerFunc {
	allowed := strings.Join(methods, ", ")
	return func(w http.ResponseWriter, r *http.Request) {
		if slices.Contains(methods, r.Method) {
			next(w, r)
			return
		}
		w.Header().Set("Allow", allowed)
		refuse(w, http.StatusMethodNotAllowed, r.Method+" is not allowed here: use "+allowed)
	}
}

// answer sends v as a line of JSON.
func answer(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(v)
}

func refuse(w http.ResponseWriter, status int, message string) {
	answer(w, status, map[string]string{"error": message})
}
