package main

import (
	"cmp"
	"encoding/json"
	"net/http"
	"slices"
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
