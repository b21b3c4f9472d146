package publish

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"math/big"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"
)

// inUTF16 returns a text as PowerShell writes it.
func inUTF16(text string) string {
	var data []byte
	for _, unit := range utf16.Encode([]rune("\ufeff" + text)) {
		data = append(data, byte(unit), byte(unit>>8))
	}
	return string(data)
}

func TestSelect_leaves_out_keys_by_their_content(t *testing.T) {
	must := func(data []byte, err error) string {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return string(data)
	}
	elliptical, _ := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1)}
	dir := t.TempDir()
	write(t, dir,
		"jwt.p8", must(x509.MarshalPKCS8PrivateKey(elliptical)), "privkey.der", must(x509.MarshalPKCS8PrivateKey(rsaKey)),
		"server.key", string(x509.MarshalPKCS1PrivateKey(rsaKey)), "ec.pk8", must(x509.MarshalECPrivateKey(elliptical)),
		// Seen: openssl genpkey -algorithm ed448 -outform DER; then openssl pkcs8 -topk8 -outform DER.
		"ed448.der", fromBase64(t, "MEcCAQAwBQYDK2VxBDsEOcR0vPk/b2j9Ab91DDq+F/2FIX96HHPdnC22yndoPJbkP9G04jRKQbBQeaPQP1JHfdN9lHnKQkZYbg=="),
		"encrypted.der", fromBase64(t, "MIGrMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAhqpgMEUwQpywICCAAwDAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEEOWeoKKgbPx32tXzeeq27csEUE3dME8/P5T6Y5xYYibudA11Ls6S82ZgVj/X+5WIWBe7p/+RHkOdtFnmOLKB2cSDaSEmCMy5U3Nk3+c0wPt5hfaZ7l5hDO8UsccjcR5YTE+h"),
		"late.pem", strings.Repeat("# text\n", 1<<18)+pemKey, "windows.key", inUTF16(pemKey), "server.key.old", "", "secring.gpg", "",

		"certificate.der", must(x509.CreateCertificate(rand.Reader, template, template, &elliptical.PublicKey, elliptical)),
		"request.der", must(x509.CreateCertificateRequest(rand.Reader, &x509.CertificateRequest{}, elliptical)),
		"public.der", must(x509.MarshalPKIXPublicKey(&elliptical.PublicKey)), "rsa.der", string(x509.MarshalPKCS1PublicKey(&rsaKey.PublicKey)),
		"slides.key", "PK\x03\x04", "empty.key", "", "ca.pem", inUTF16(certificate))
	names, warnings := selected(t, dir, Rules{Site: true})
	if want := []string{"ca.pem", "certificate.der", "empty.key", "public.der", "request.der", "rsa.der", "slides.key"}; !slices.Equal(names, want) {
		t.Errorf("got %v, want %v", names, want)
	}
	if !strings.Contains(warnings, "ec.pk8 (a private key)") {
		t.Errorf("got warnings %q, want them to name the keys", warnings)
	}
}

func fromBase64(t *testing.T, text string) string {
	t.Helper()
	data, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
