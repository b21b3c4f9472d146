package bundle

import (
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// decode returns the text of a file in UTF-8 without a byte order mark, by which pip
// and npm read it, too. PowerShell of Windows writes UTF-16.
//
// Seen: pip 22.0 to 26.3, auto_decode.
func decode(data []byte) ([]byte, error) {
	text, _, err := transform.Bytes(unicode.BOMOverride(transform.Nop), data)
	return text, err
}
