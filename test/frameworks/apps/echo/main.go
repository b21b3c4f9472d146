// Echo is an app of labstack/echo.
package main

import (
	"crypto/sha256"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/labstack/echo/v5"
	"github.com/labstack/echo/v5/middleware"

	"github.com/cloudfurl/cloudfurl/functions/streamhttp"
)

func main() {
	router := echo.New()
	router.SchemeExtractor = echo.LegacySchemeExtractor() // it reads X-Forwarded-Proto
	router.Use(middleware.CSRFWithConfig(middleware.CSRFConfig{TokenLookup: "form:csrf", CookieSecure: true}))
	router.GET("/login", func(c *echo.Context) error {
		return c.HTML(http.StatusOK, fmt.Sprintf(`<form method="post"><input name="csrf" value="%s"><input name="name"></form>`, c.Get("csrf")))
	})
	router.POST("/login", func(c *echo.Context) error {
		c.SetCookie(&http.Cookie{Name: "name", Value: c.FormValue("name"), Secure: true, HttpOnly: true})
		return c.Redirect(http.StatusSeeOther, absolute(c, "/me"))
	})
	router.GET("/me", me)
	router.GET("/stream", func(c *echo.Context) error {
		for i := range 5 {
			fmt.Fprintln(c.Response(), i)
			time.Sleep(100 * time.Millisecond)
		}
		return nil
	})
	router.POST("/upload", func(c *echo.Context) error {
		file, _, err := c.Request().FormFile("file")
		if err != nil {
			return err
		}
		hash := sha256.New()
		io.Copy(hash, file)
		return c.String(http.StatusOK, fmt.Sprintf("%x", hash.Sum(nil)))
	})
	streamhttp.Start(viewerAddress(router))
}

// viewerAddress makes RemoteAddr the last address in X-Forwarded-For, which CloudFront
// appends.
func viewerAddress(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		forwarded := strings.Split(r.Header.Get("X-Forwarded-For"), ",")
		if last := strings.TrimSpace(forwarded[len(forwarded)-1]); last != "" {
			r.RemoteAddr = net.JoinHostPort(last, "0")
		}
		next.ServeHTTP(w, r)
	})
}

func absolute(c *echo.Context, path string) string {
	return c.Scheme() + "://" + c.Request().Host + path
}

func me(c *echo.Context) error {
	seen := map[string]string{
		"host":          c.Request().Host,
		"scheme":        c.Scheme(),
		"address":       c.RealIP(),
		"authorization": c.Request().Header.Get("Authorization"),
		"url":           absolute(c, "/me"),
	}
	if cookie, err := c.Cookie("name"); err == nil {
		seen["name"] = cookie.Value
	}
	return c.JSON(http.StatusOK, seen)
}
