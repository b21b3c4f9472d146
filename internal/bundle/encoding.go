package bundle

import (
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// decode returns the text of a file in UTF-8 without a byte order mark, by which uv
// and npm read it, too. PowerShell of Windows writes UTF-16.
//
// Seen: uv 0.13.9.
func decode(data []byte) ([]byte, error) {
	text, _, err := transform.Bytes(unicode.BOMOverride(transform.Nop), data)
	return text, err
}
