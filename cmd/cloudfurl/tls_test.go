package main

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// A site is testdata/forms, served by a process.
type site struct {
	*process

	address   string // without a slash at the end
	authority string // the file, empty without TLS
}

// serveForms serves testdata/forms with more flags until the test ends.
func serveForms(t *testing.T, flags ...string) site {
	t.Helper()
	p := newProcess(t, append([]string{"local", "--assembly", "testdata/forms", "--listen", "127.0.0.1:0"}, flags...)...)
	home := t.TempDir()
	p.Env = append(p.Env, "HOME="+home, "XDG_CONFIG_HOME="+filepath.Join(home, "my config"), "CAROOT=", "XDG_DATA_HOME=")
	p.start(t)
	s := site{process: p, address: strings.TrimSuffix(p.waitFor(t, &p.stdout, `Try: curl -N .*?(https?://127\.0\.0\.1:\d+/)\n`), "/")}
	if len(flags) > 0 {
		s.authority = p.waitFor(t, &p.stdout, `--cacert "([^"]+)"`)
	}
	return s
}

// client returns a client that trusts the authority, keeps cookies and follows
// redirects, as a browser does.
func (s site) client(t *testing.T) *http.Client {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	transport := &http.Transport{ForceAttemptHTTP2: true, TLSClientConfig: &tls.Config{RootCAs: x509.NewCertPool()}}
	t.Cleanup(transport.CloseIdleConnections)
	if s.authority != "" {
		pem, err := os.ReadFile(s.authority)
		if err != nil || !transport.TLSClientConfig.RootCAs.AppendCertsFromPEM(pem) {
			t.Fatalf("%s: %v", s.authority, err)
		}
	}
	return &http.Client{Jar: jar, Transport: transport}
}

// submit sends the form of testdata/forms from a page of an origin, and returns the
// protocol, status and body of where that leads.
func submit(t *testing.T, client *http.Client, address, origin string, more ...*http.Cookie) string {
	t.Helper()
	page, err := client.Get(address + "/")
	if err != nil {
		t.Fatal(err)
	}
	page.Body.Close()
	request, err := http.NewRequest(http.MethodPost, address+"/", strings.NewReader(url.Values{"token": {"t1"}}.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.Header.Set("Origin", origin)
	for _, cookie := range more {
		request.AddCookie(cookie)
	}
	response, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("%s %d %s", response.Proto, response.StatusCode, body)
}

func TestLocal_serves_forms_over_HTTPS(t *testing.T) {
	s := serveForms(t, "--tls")
	if !strings.HasPrefix(s.address, "https://") {
		t.Fatalf("got %s, want https", s.address)
	}
	client := s.client(t)
	if got, want := submit(t, client, s.address, s.address), "HTTP/2.0 200 hello ada at "+s.address; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got := submit(t, client, s.address, "https://other.example.com"); !strings.Contains(got, "403 the Origin") {
		t.Errorf("from another origin: got %s", got)
	}
	// As on CloudFront, HTTP leads to HTTPS, here on the same port.
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	plain, err := client.Get(strings.Replace(s.address, "https:", "http:", 1) + "/a?b")
	if err != nil {
		t.Fatal(err)
	}
	plain.Body.Close()
	if got := plain.Header.Get("Location"); plain.StatusCode != http.StatusMovedPermanently || got != s.address+"/a?b" {
		t.Errorf("got %d to %s, want 301 to %s", plain.StatusCode, got, s.address)
	}
}

// Without TLS the handler is told http, or it would reject the form of its own page.
func TestLocal_serves_forms_over_HTTP(t *testing.T) {
	s := serveForms(t)
	client := s.client(t)
	// Browsers send secure cookies to this machine over HTTP too, and Go's client doesn't.
	secure := []*http.Cookie{{Name: "token", Value: "t1"}}
	client.CheckRedirect = func(r *http.Request, _ []*http.Request) error {
		r.AddCookie(&http.Cookie{Name: "session", Value: "ada"})
		return nil
	}
	if got, want := submit(t, client, s.address, s.address, secure...), "HTTP/1.1 200 hello ada at "+s.address; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestLocal_has_certificates_that_other_clients_accept(t *testing.T) {
	s := serveForms(t, "--tls")
	port := s.address[strings.LastIndex(s.address, ":"):]
	const fetch = `
		for (const url of process.argv.slice(1)) console.log((await fetch(url)).status);`
	for name, command := range map[string]*exec.Cmd{
		"curl": exec.Command("curl", "-sS", "--http2", "--cacert", s.authority, "-o", os.DevNull, "-o", os.DevNull, "-w", "%{http_code}\n",
			s.address+"/", "https://app.localhost"+port+"/", "--resolve", "app.localhost"+port+":127.0.0.1"),
		"node": exec.Command("node", "--input-type=module", "-e", fetch, s.address+"/", "https://localhost"+port+"/"),
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := exec.LookPath(name); err != nil {
				t.Skip("SKIPPED: there is no " + name)
			}
			command.Env = append(os.Environ(), "NODE_EXTRA_CA_CERTS="+s.authority)
			output, err := command.CombinedOutput()
			if got := string(output); err != nil || got != "200\n200\n" {
				t.Errorf("got %v and %s", err, got)
			}
		})
	}
}

func TestLocal_keeps_its_authority(t *testing.T) {
	p := newProcess(t, "local", "--assembly", "testdata/forms", "--listen", "127.0.0.1:0", "--tls")
	home := t.TempDir()
	p.Env = append(p.Env, "HOME="+home, "XDG_CONFIG_HOME="+home, "CAROOT="+filepath.Join(home, "none"))
	if err := os.MkdirAll(filepath.Join(home, "cloudfurl", "authority"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(home, "cloudfurl", "authority", "rootCA.pem"), []byte("damaged"), 0o600); err != nil {
		t.Fatal(err)
	}
	p.start(t)
	p.ends(t, 1)
	if got := p.stderr.String(); !strings.Contains(got, "error: "+home) || !strings.Contains(got, "hint: ") {
		t.Errorf("got %s", got)
	}
}
