package bundle

import (
	"bytes"

	"golang.org/x/text/encoding/unicode"
)

// decode returns the text of a requirements file as pip reads it, by its byte order
// mark. PowerShell of Windows writes UTF-16.
//
// Seen: pip 22.0 to 26.3, auto_decode.
func decode(data []byte) (string, error) {
	if bytes.HasPrefix(data, []byte("\xff\xfe")) || bytes.HasPrefix(data, []byte("\xfe\xff")) {
		text, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder().Bytes(data)
		return string(text), err
	}
	return string(withoutMark(data)), nil
}

// withoutMark returns UTF-8 without a byte order mark. npm, too, accepts one.
func withoutMark(data []byte) []byte {
	return bytes.TrimPrefix(data, []byte("\ufeff"))
}
