package authority

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"

	"github.com/cloudfurl/cloudfurl/internal/fault"
)

// The files of an authority, named as by mkcert.
const (
	certificateFile = "rootCA.pem"
	keyFile         = "rootCA-key.pem"
)

// An Authority signs certificates for this process. They and their key are only in
// memory. It is safe for concurrent use.
type Authority struct {
	// File is the path of the certificate that clients have to trust.
	File string

	log         *slog.Logger
	certificate *x509.Certificate
	key         crypto.Signer
	leafKey     *ecdsa.PrivateKey
	warned      sync.Map // names
}

// Open returns the authority of this machine, or makes its first one. An error is a
// *fault.Error.
func Open(log *slog.Logger) (*Authority, error) {
	if dir := mkcertDir(); dir != "" {
		if a, err := load(dir, log); !errors.Is(err, fs.ErrNotExist) {
			return a, err
		}
	}
	config, err := os.UserConfigDir()
	if err != nil {
		return nil, fault.New("set HOME", "there is no directory for a certificate authority: %w", err)
	}
	dir := filepath.Join(config, "cloudfurl", "authority")
	a, err := load(dir, log)
	if !errors.Is(err, fs.ErrNotExist) {
		return a, err
	}
	if err := create(dir); err != nil {
		return nil, fault.At(dir, fault.New("let cloudfurl write there, and remove what is left of an earlier one", "can't make a certificate authority: %w", err))
	}
	return load(dir, log)
}

// mkcertDir returns the directory that mkcert keeps its authority in, or "" without mkcert.
func mkcertDir() string {
	if dir := os.Getenv("CAROOT"); dir != "" {
		return dir
	}
	output, _ := exec.Command("mkcert", "-CAROOT").Output()
	return strings.TrimSpace(string(output))
}

// load reads an authority. The error is fs.ErrNotExist if one of its files is
// missing: mkcert can do without the key, which is no use here.
func load(dir string, log *slog.Logger) (*Authority, error) {
	file := filepath.Join(dir, certificateFile)
	pair, err := tls.LoadX509KeyPair(file, filepath.Join(dir, keyFile))
	if err != nil {
		return nil, fault.At(dir, fault.New("move the directory away: the next start makes another authority, which clients have to trust anew",
			"isn't a usable certificate authority: %w", err))
	}
	leafKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	return &Authority{
		File: file, log: log, certificate: pair.Leaf, key: pair.PrivateKey.(crypto.Signer),
		leafKey: leafKey,
	}, err
}
