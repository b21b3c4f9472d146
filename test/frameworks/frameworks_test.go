package main

import (
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/cloudfurl/cloudfurl/internal/localtest"
)

// A distribution of the banner: its construct, and its own address.
var distribution = regexp.MustCompile(`distribution +Frameworks/(\w+)Distribution\w+\s+https://(\S+)/`)

func TestFrameworks(t *testing.T) {
	localtest.NeedPython(t)
	if runtime.GOOS != "linux" {
		t.Skip("only Linux has the address " + address)
	}
	assembly := localtest.Synthesize(t)
	// The edge makes a certificate authority, in this directory.
	config := t.TempDir()
	t.Setenv("CAROOT", "")
	t.Setenv("XDG_DATA_HOME", config)
	t.Setenv("XDG_CONFIG_HOME", config)
	edge := localtest.Serve(t, localtest.Build(t), assembly, "--tls", "--host", strings.TrimPrefix(site, "https://"))
	trust(t, filepath.Join(config, "cloudfurl", "authority", "rootCA.pem"))
	found := distribution.FindAllStringSubmatch(edge.Banner, -1)
	if len(found) < 9 {
		t.Fatalf("got %v of\n%s, want nine or more apps", found, edge.Banner)
	}
	// The edge stops when this returns, and so after all of these.
	t.Run("apps", func(t *testing.T) {
		for _, app := range found {
			t.Run(app[1], func(t *testing.T) {
				t.Parallel()
				try(t, app[2])
			})
		}
	})
}

// trust makes this process trust a certificate authority.
func trust(t *testing.T, file string) {
	roots := x509.NewCertPool()
	if pem, err := os.ReadFile(file); err != nil || !roots.AppendCertsFromPEM(pem) {
		t.Fatalf("no certificate in %s: %v", file, err)
	}
	http.DefaultTransport.(*http.Transport).TLSClientConfig = &tls.Config{RootCAs: roots}
}

// try tries an app at an address of the edge.
func try(t *testing.T, edge string) {
	t.Run("form, redirect, cookie and URL", func(t *testing.T) { logIn(t, newBrowser(t, edge)) })
	t.Run("with forged headers", func(t *testing.T) {
		b := newBrowser(t, edge)
		b.headers = forgeries
		logIn(t, b)
	})
	t.Run("from another site", func(t *testing.T) { logInFromElsewhere(t, newBrowser(t, edge)) })
	t.Run("stream", func(t *testing.T) {
		if got := localtest.Stream(t, "https://"+edge+"/stream", 200*time.Millisecond); got != "0\n1\n2\n3\n4\n" {
			t.Errorf("got %q, want five lines", got)
		}
	})
	t.Run("upload", func(t *testing.T) {
		b, file := newBrowser(t, edge), make([]byte, 1_000_000)
		rand.NewChaCha8([32]byte{}).Read(file)
		status, got := b.post("/upload", b.form(), file)
		if want := fmt.Sprintf("%x", sha256.Sum256(file)); status != http.StatusOK || got != want {
			t.Errorf("got %d and %q, want the hash %s", status, got, want)
		}
	})
}

// logIn fills in the form and follows the redirect.
func logIn(t *testing.T, b *browser) {
	f := b.form()
	f.fields.Set("name", "Ada")
	status, text := b.post("/login", f, nil, "Authorization", "Bearer one")
	if status != http.StatusOK {
		t.Fatalf("got %d and %q", status, text)
	}
	if name := b.parse(text).Name; name != "Ada" {
		t.Errorf("got the name %q, want what the cookie holds", name)
	}
	_, text = b.do(http.MethodGet, "/me", nil, "Authorization", "Bearer one")
	want := seen{Host: "www.example.com", Scheme: "https", Address: address, Authorization: "Bearer one", URL: site + "/me", Name: "Ada"}
	if got := b.parse(text); got != want {
		t.Errorf("got %+v\nwant %+v", got, want)
	}
}

// logInFromElsewhere sends what a page of another site can have the browser send: it
// doesn't know the token. Next.js believes X-Forwarded-Host.
func logInFromElsewhere(t *testing.T, b *browser) {
	f := b.form()
	maps.DeleteFunc(f.fields, func(name string, _ []string) bool { return strings.HasPrefix(name, "csrf") })
	f.fields.Set("name", "Eve")
	status, text := b.post("/login", f, nil, "Origin", "https://evil.example", "Referer", "https://evil.example/", "X-Forwarded-Host", "evil.example")
	if status < 400 {
		t.Errorf("got %d and %q, want a refusal", status, text)
	}
}
