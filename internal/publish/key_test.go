package publish

import (
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
	dir := t.TempDir()
	write(t, dir,
		"jwt.p8", "", "ec.pk8", "", "privkey.der", "", "server.key", pemKey,
		"late.pem", strings.Repeat("# text\n", 1<<18)+pemKey, "windows.key", inUTF16(pemKey), "server.key.old", "", "secring.gpg", "",

		"certificate.der", "0\x82", "slides.key", "PK\x03\x04", "empty.key", "", "ca.pem", inUTF16(certificate))
	names, warnings := selected(t, dir, Rules{Site: true})
	if want := []string{"ca.pem", "certificate.der", "empty.key", "slides.key"}; !slices.Equal(names, want) {
		t.Errorf("got %v, want %v", names, want)
	}
	if !strings.Contains(warnings, "ec.pk8 (a private key)") {
		t.Errorf("got warnings %q, want them to name the keys", warnings)
	}
}
