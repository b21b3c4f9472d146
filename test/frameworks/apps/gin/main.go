// Gin is an app of gin-gonic/gin.
package main

import (
	"crypto/sha256"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/cloudfurl/cloudfurl/functions/requestlog"
	"github.com/cloudfurl/cloudfurl/functions/streamhttp"
)

func main() {
	router := gin.New()
	router.SetTrustedProxies(nil) // so ClientIP is RemoteAddr
	router.GET("/login", func(c *gin.Context) {
		c.Data(http.StatusOK, "text/html", []byte(`<form method="post"><input name="name"></form>`))
	})
	router.POST("/login", func(c *gin.Context) {
		c.SetCookie("name", c.PostForm("name"), 0, "/", "", true, true)
		c.Redirect(http.StatusSeeOther, "https://"+c.Request.Host+"/me")
	})
	router.GET("/me", me)
	router.GET("/stream", func(c *gin.Context) {
		i := 0
		c.Stream(func(w io.Writer) bool {
			fmt.Fprintln(w, i)
			time.Sleep(100 * time.Millisecond)
			i++
			return i < 5
		})
	})
	router.POST("/upload", func(c *gin.Context) {
		file, _, err := c.Request.FormFile("file")
		if err != nil {
			c.AbortWithError(http.StatusBadRequest, err)
			return
		}
		hash := sha256.New()
		io.Copy(hash, file)
		c.String(http.StatusOK, "%x", hash.Sum(nil))
	})
	protection := http.NewCrossOriginProtection()
	streamhttp.Start(requestlog.Middleware(viewerAddress(protection.Handler(router))))
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

func me(c *gin.Context) {
	name, _ := c.Cookie("name")
	c.JSON(http.StatusOK, gin.H{
		"host":          c.Request.Host,
		"scheme":        c.GetHeader("X-Forwarded-Proto"),
		"address":       c.ClientIP(),
		"authorization": c.GetHeader("Authorization"),
		"url":           "https://" + c.Request.Host + "/me",
		"name":          name,
	})
}
