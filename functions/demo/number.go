package main

import (
	"fmt"
	"net/http"
	"strconv"
)

// number returns the value of a parameter of the query, or fallback without one.
// If it returns false, it has sent the error response.
func number(w http.ResponseWriter, r *http.Request, name string, fallback, least, most int) (int, bool) {
	text := r.URL.Query().Get(name)
	if text == "" {
		return fallback, true
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < least || n > most {
		respondError(w, http.StatusBadRequest, fmt.Sprintf("%s is %q: give a whole number from %d to %d", name, text, least, most))
		return 0, false
	}
	return n, true
}
