package authority

import (
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"log/slog"
	"net"
	"strings"
	"time"

	"github.com/cloudfurl/cloudfurl/internal/fault"
)

// leafValidity is how long a certificate is valid: each connection gets one. Apple's
// clients accept 825 days at most.
//
// See: https://support.apple.com/en-us/103769
const leafValidity = 90 * 24 * time.Hour

// Config returns how to serve TLS with HTTP/2 and HTTP/1.1.
func (a *Authority) Config() *tls.Config {
	return &tls.Config{NextProtos: []string{"h2", "http/1.1"}, GetCertificate: a.certificateOf}
}

// certificateOf returns the certificate of the name or, since a client sends no
// address, of the address that it has connected to. It is signed whatever the name
// is: what isn't served here gets 421, which says more than a failed handshake.
func (a *Authority) certificateOf(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
	name := strings.ToLower(hello.ServerName)
	if name == "" {
		name, _, _ = net.SplitHostPort(hello.Conn.LocalAddr().String())
		name, _, _ = strings.Cut(name, "%") // the zone of a link-local address
	}
	return a.sign(name)
}

// sign returns a new certificate for a name, or for an address and this machine's
// own: a tunnel or a container's port may be what the client has connected to.
func (a *Authority) sign(name string) (*tls.Certificate, error) {
	template := &x509.Certificate{
		NotBefore:   time.Now().Add(-time.Hour),
		NotAfter:    time.Now().Add(leafValidity),
		KeyUsage:    x509.KeyUsageDigitalSignature,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	if address := net.ParseIP(name); address != nil {
		template.IPAddresses = []net.IP{net.IPv4(127, 0, 0, 1), net.IPv6loopback, address}
	} else {
		template.DNSNames = []string{name}
	}
	signed, err := x509.CreateCertificate(rand.Reader, template, a.certificate, a.leafKey.Public(), a.key)
	if err != nil {
		return nil, err
	}
	leaf, err := x509.ParseCertificate(signed)
	if err != nil {
		return nil, err
	}
	a.warn(name, leaf)
	return &tls.Certificate{Certificate: [][]byte{signed}, PrivateKey: a.leafKey, Leaf: leaf}, nil
}

// warn logs that clients reject a certificate for which the authority may not sign.
func (a *Authority) warn(name string, leaf *x509.Certificate) {
	roots := x509.NewCertPool()
	roots.AddCert(a.certificate)
	if _, err := leaf.Verify(x509.VerifyOptions{Roots: roots}); err != nil {
		if _, warned := a.warned.LoadOrStore(name, true); warned {
			return
		}
		fault.Log(a.log, slog.LevelWarn, "clients reject a certificate", fault.Shorten(err.Error()),
			"use localhost, a name below it, or an address of this machine; or let mkcert make an authority, which can sign for every name", "name", name)
	}
}
