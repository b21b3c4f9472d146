package authority

import (
	"crypto/tls"
	"crypto/x509"
	"net"
	"testing"
	"time"

	"github.com/cloudfurl/cloudfurl/internal/local/logtest"
)

// connected is a connection to an address.
type connected struct {
	net.Conn

	to *net.TCPAddr
}

func (c connected) LocalAddr() net.Addr { return c.to }

// hello is the begin of a handshake with a name or, if that is empty, with an address.
func hello(name, address string) *tls.ClientHelloInfo {
	return &tls.ClientHelloInfo{ServerName: name, Conn: connected{to: &net.TCPAddr{IP: net.ParseIP(address), Port: 443}}}
}

func newCertificates(t *testing.T) (*Authority, *logtest.Log) {
	t.Helper()
	log, written := logtest.New()
	a, err := Open(log)
	if err != nil {
		t.Fatal(err)
	}
	return a, written
}

func mustSign(t *testing.T, c *Authority, name, address string) *tls.Certificate {
	t.Helper()
	got, err := c.Config().GetCertificate(hello(name, address))
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// trusted returns why a client that trusts the authority rejects a certificate.
func trusted(c *Authority, leaf *x509.Certificate, name string) error {
	roots := x509.NewCertPool()
	roots.AddCert(c.certificate)
	_, err := leaf.Verify(x509.VerifyOptions{Roots: roots, DNSName: name})
	return err
}

func TestCertificates_are_for_the_name_that_a_client_asks_for(t *testing.T) {
	home(t)
	c, log := newCertificates(t)
	for _, test := range []struct{ name, address, want string }{
		{"localhost", "127.0.0.1", "localhost"},
		{"App.Localhost", "127.0.0.1", "app.localhost"},
		{"laptop.local", "192.168.1.7", "laptop.local"},
		{"app.test", "127.0.0.1", "app.test"},
		{"", "127.0.0.1", "127.0.0.1"},
		{"", "::1", "::1"},
		{"", "192.168.1.7", "192.168.1.7"},
		{"", "172.17.0.2", "127.0.0.1"}, // the port of a container
	} {
		if err := trusted(c, mustSign(t, c, test.name, test.address).Leaf, test.want); err != nil {
			t.Errorf("%+v: %v", test, err)
		}
	}
	if left := time.Until(mustSign(t, c, "localhost", "127.0.0.1").Leaf.NotAfter); left > 825*24*time.Hour {
		t.Errorf("it is valid for %v, and Apple's clients accept 825 days", left)
	}
	if err := trusted(c, mustSign(t, c, "localhost", "127.0.0.1").Leaf, "app.localhost"); err == nil {
		t.Error("a certificate is for more than its name")
	}
	if log.String() != "" {
		t.Errorf("got %s", log)
	}
}

func TestCertificates_of_its_own_authority_are_for_no_name_of_the_internet(t *testing.T) {
	_, mkcert := home(t)
	c, log := newCertificates(t)
	for _, name := range []string{"www.example.com", "localhost.example.com", ""} {
		if err := trusted(c, mustSign(t, c, name, "203.0.113.1").Leaf, ""); err == nil {
			t.Errorf("%s: a client that trusts the authority accepts it", name)
		}
	}
	log.Want(t, "level=WARN", "clients reject a certificate", "name=www.example.com", "cause=", "let mkcert make an authority")
	put(t, mkcert, func(root *x509.Certificate) { root.NotAfter = time.Now().Add(-time.Minute) })
	c, log = newCertificates(t)
	mustSign(t, c, "localhost", "127.0.0.1")
	log.Want(t, "clients reject a certificate", "name=localhost", "has expired")
	put(t, mkcert, unchanged)
	c, log = newCertificates(t)
	if err := trusted(c, mustSign(t, c, "www.example.com", "127.0.0.1").Leaf, "www.example.com"); err != nil || log.String() != "" {
		t.Errorf("with mkcert's: %v, %s", err, log)
	}
}
