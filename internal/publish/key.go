package publish

import (
	"bytes"
	"encoding/asn1"
	"io"
	"os"
	"regexp"
)

// Sizes of files in bytes.
const (
	maxText    = 1 << 20 // in larger ones no key is looked for
	maxKeyFile = 1 << 26 // of those that are called keys, this much is read
)

// privateKey matches a private key in PEM, also as a string of JSON.
//
// See: https://www.rfc-editor.org/rfc/rfc7468
var privateKey = regexp.MustCompile(`-----BEGIN [A-Z ]*PRIVATE KEY(?: BLOCK)?-----(?:\s|\\r|\\n)+[A-Za-z0-9+/]`)

// holdsPrivateKey reports whether a file has a private key, in DER only if it is
// called one.
func holdsPrivateKey(file File, isKeyType bool) (bool, error) {
	if !isKeyType && file.info.Size() > maxText {
		return false, nil
	}
	source, err := os.Open(file.source)
	if err != nil {
		return false, err
	}
	defer source.Close()
	data, err := io.ReadAll(io.LimitReader(source, maxKeyFile))
	if bytes.HasPrefix(data, []byte("\xff\xfe")) || bytes.HasPrefix(data, []byte("\xfe\xff")) {
		data = bytes.ReplaceAll(data, []byte{0}, nil) // UTF-16, as PowerShell writes
	}
	return privateKey.Match(data) || isKeyType && isPrivateKeyInDER(data), err
}

// isPrivateKeyInDER reports whether data begins with a private key, of any algorithm
// (which crypto/x509 doesn't read) or encrypted.
//
// See: https://www.rfc-editor.org/rfc/rfc5208
// See: https://www.rfc-editor.org/rfc/rfc5915
// See: https://www.rfc-editor.org/rfc/rfc8017#appendix-A.1.2
func isPrivateKeyInDER(data []byte) bool {
	// PKCS #1, PKCS #8 and SEC 1 begin with their version; a certificate, a request
	// and a public key don't.
	var plain struct{ Version int }
	if _, err := asn1.Unmarshal(data, &plain); err == nil {
		return plain.Version == 0 || plain.Version == 1
	}
	var encrypted struct {
		Algorithm struct{ ID asn1.ObjectIdentifier }
		Data      []byte
	}
	_, err := asn1.Unmarshal(data, &encrypted)
	return err == nil
}
