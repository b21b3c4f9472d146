package authority

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/cloudfurl/cloudfurl/internal/fault"
)

// validity is how long an authority may sign, as one of mkcert.
const validity = 10 * 365 * 24 * time.Hour

// permittedNames are the names that a new authority may sign for, with all below
// them: none of them exists on the internet.
//
// See: https://www.rfc-editor.org/rfc/rfc6761#section-6
// and https://www.rfc-editor.org/rfc/rfc6762#section-3
var permittedNames = []string{"localhost", "local", "test"}

// permittedAddresses are those of this machine, and of private networks.
//
// See: https://www.rfc-editor.org/rfc/rfc6890#section-2.2.2
var permittedAddresses = []string{
	"127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "::1/128", "fc00::/7", "fe80::/10",
}

// create makes an authority in a directory that doesn't exist. If another process
// is faster, that one's stays.
func create(dir string) error {
	parent := filepath.Dir(dir)
	if err := os.MkdirAll(parent, 0o700); err != nil {
		return err
	}
	made, err := os.MkdirTemp(parent, "new-authority")
	if err != nil {
		return err
	}
	defer os.RemoveAll(made)
	if err := write(made); err != nil {
		return err
	}
	if err := os.Rename(made, dir); err != nil {
		_, err = os.Stat(filepath.Join(dir, keyFile))
		return err
	}
	return nil
}

func write(dir string) error {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	template := rootTemplate()
	certificate, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return err
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return err
	}
	if err := writePEM(filepath.Join(dir, keyFile), "PRIVATE KEY", private); err != nil {
		return err
	}
	return writePEM(filepath.Join(dir, certificateFile), "CERTIFICATE", certificate)
}

func writePEM(path, kind string, content []byte) error {
	return os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: content}), 0o600)
}

func rootTemplate() *x509.Certificate {
	name := "cloudfurl"
	if host, err := os.Hostname(); err == nil {
		name += " on " + host
	}
	template := &x509.Certificate{
		Subject:               pkix.Name{CommonName: name},
		NotBefore:             time.Now().Add(-time.Hour), // another machine's clock may be late
		NotAfter:              time.Now().Add(validity),
		KeyUsage:              x509.KeyUsageCertSign,
		BasicConstraintsValid: true, IsCA: true, MaxPathLenZero: true,
		// See: https://www.rfc-editor.org/rfc/rfc5280#section-4.2.1.10
		PermittedDNSDomainsCritical: true, PermittedDNSDomains: permittedNames,
	}
	for _, text := range permittedAddresses {
		_, network, err := net.ParseCIDR(text)
		if err != nil {
			panic(err)
		}
		template.PermittedIPRanges = append(template.PermittedIPRanges, network)
	}
	return template
}

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
