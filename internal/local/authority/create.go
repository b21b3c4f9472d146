package authority

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"net"
	"os"
	"path/filepath"
	"time"
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
