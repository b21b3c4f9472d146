package authority

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/cloudfurl/cloudfurl/internal/fault"
)

// home gives the test a home without authorities, and returns where cloudfurl makes
// its own and where mkcert would.
func home(t *testing.T) (own, mkcert string) {
	t.Helper()
	dir := t.TempDir()
	t.Setenv("HOME", dir)
	t.Setenv("CAROOT", "")
	t.Setenv("XDG_CONFIG_HOME", "")
	t.Setenv("PATH", filepath.Join(dir, "bin"))
	mkcert = filepath.Join(dir, "by mkcert")
	if err := os.Mkdir(filepath.Join(dir, "bin"), 0o755); err != nil {
		t.Fatal(err)
	}
	script := "#!/bin/sh\ntest \"$1\" = -CAROOT && echo '" + mkcert + "'\n"
	if err := os.WriteFile(filepath.Join(dir, "bin", "mkcert"), []byte(script), 0o755); err != nil {
		t.Fatal(err)
	}
	if runtime.GOOS == "darwin" {
		return filepath.Join(dir, "Library", "Application Support", "cloudfurl", "authority"), mkcert
	}
	return filepath.Join(dir, ".config", "cloudfurl", "authority"), mkcert
}

func mustOpen(t *testing.T) *Authority {
	t.Helper()
	a, err := Open(slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// put writes an authority, as another program would make it.
func put(t *testing.T, dir string, change func(*x509.Certificate)) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := rootTemplate()
	template.PermittedDNSDomains, template.PermittedIPRanges = nil, nil
	change(template)
	certificate, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	for file, block := range map[string]*pem.Block{
		certificateFile: {Type: "CERTIFICATE", Bytes: certificate},
		keyFile:         {Type: "PRIVATE KEY", Bytes: private},
	} {
		if err := os.WriteFile(filepath.Join(dir, file), pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func unchanged(*x509.Certificate) {}

func TestOpen_makes_an_authority_once(t *testing.T) {
	own, _ := home(t)
	first, second := mustOpen(t), mustOpen(t)
	if first.File != filepath.Join(own, "rootCA.pem") || !first.certificate.Equal(second.certificate) {
		t.Errorf("got %+v and %+v, want one in %s", first, second, own)
	}
	for path, want := range map[string]os.FileMode{
		own: 0o700, filepath.Join(own, "rootCA-key.pem"): 0o600, first.File: 0o600,
	} {
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		if got := info.Mode().Perm(); got != want {
			t.Errorf("%s: got mode %v, want %v", path, got, want)
		}
	}
	if left, err := filepath.Glob(filepath.Join(filepath.Dir(own), "new*")); err != nil || len(left) > 0 {
		t.Errorf("got %v, %v", left, err)
	}
}

func TestOpen_makes_one_authority_for_processes_that_start_together(t *testing.T) {
	home(t)
	files := make([]*Authority, 8)
	var opened sync.WaitGroup
	for i := range files {
		opened.Go(func() { files[i], _ = Open(nil) })
	}
	opened.Wait()
	for _, a := range files {
		if a == nil || !a.certificate.Equal(files[0].certificate) {
			t.Errorf("got %v, want %v", a, files[0])
		}
	}
}

func TestOpen_prefers_the_authority_of_mkcert(t *testing.T) {
	own, mkcert := home(t)
	other := t.TempDir()
	put(t, other, unchanged)
	put(t, mkcert, unchanged)
	if got := mustOpen(t); filepath.Dir(got.File) != mkcert {
		t.Errorf("got %s, want mkcert's", got.File)
	}
	t.Setenv("CAROOT", other)
	if got := mustOpen(t); filepath.Dir(got.File) != other {
		t.Errorf("got %s, want that of CAROOT", got.File)
	}
	// mkcert works without the key, to be installed only.
	if err := os.Remove(filepath.Join(other, keyFile)); err != nil {
		t.Fatal(err)
	}
	if got := mustOpen(t); filepath.Dir(got.File) != own {
		t.Errorf("got %s, want cloudfurl's own", got.File)
	}
}

func TestOpen_rejects_a_damaged_authority(t *testing.T) {
	_, mkcert := home(t)
	put(t, mkcert, unchanged)
	if err := os.WriteFile(filepath.Join(mkcert, keyFile), []byte("nonsense"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := Open(nil)
	if err == nil || !strings.Contains(err.Error(), mkcert+": isn't a usable certificate authority") || !strings.Contains(fault.HintOf(err), "move the directory away") {
		t.Errorf("got %v", err)
	}
}

func TestOpen_says_where_it_cannot_write(t *testing.T) {
	own, _ := home(t)
	if err := os.WriteFile(filepath.Join(os.Getenv("HOME"), ".config"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if runtime.GOOS == "darwin" {
		t.Setenv("HOME", "/dev/null")
		own = "/dev/null"
	}
	if _, err := Open(nil); err == nil || !strings.Contains(err.Error(), own) {
		t.Errorf("got %v, want %s in it", err, own)
	}
	t.Setenv("HOME", "")
	if _, err := Open(nil); err == nil || fault.HintOf(err) != "set HOME" {
		t.Errorf("got %v", err)
	}
}
