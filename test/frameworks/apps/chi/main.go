// Chi is an app of go-chi/chi.
package main

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"

	"github.com/cloudfurl/cloudfurl/functions/streamhttp"
)

func main() {
	router := chi.NewRouter()
	router.Use(middleware.ClientIPFromXFFTrustedProxies(1))
	router.Use(http.NewCrossOriginProtection().Handler)
	router.Get("/login", func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, `<form method="post"><input name="name"></form>`)
	})
	router.Post("/login", func(w http.ResponseWriter, r *http.Request) {
		http.SetCookie(w, &http.Cookie{Name: "name", Value: r.FormValue("name"), Secure: true, HttpOnly: true})
		http.Redirect(w, r, "https://"+r.Host+"/me", http.StatusSeeOther)
	})
	router.Get("/me", me)
	router.Get("/stream", func(w http.ResponseWriter, r *http.Request) {
		for i := range 5 {
			fmt.Fprintln(w, i)
			time.Sleep(100 * time.Millisecond)
		}
	})
	router.Post("/upload", func(w http.ResponseWriter, r *http.Request) {
		file, _, err := r.FormFile("file")
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		hash := sha256.New()
		io.Copy(hash, file)
		fmt.Fprintf(w, "%x", hash.Sum(nil))
	})
	streamhttp.Start(router)
}

func me(w http.ResponseWriter, r *http.Request) {
	seen := map[string]string{
		"host":          r.Host,
		"scheme":        r.Header.Get("X-Forwarded-Proto"),
		"address":       middleware.GetClientIP(r.Context()),
		"authorization": r.Header.Get("Authorization"),
		"url":           "https://" + r.Host + "/me",
	}
	if cookie, err := r.Cookie("name"); err == nil {
		seen["name"] = cookie.Value
	}
	json.NewEncoder(w).Encode(seen)
}
