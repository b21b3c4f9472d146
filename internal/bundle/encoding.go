package bundle

import (
	"bytes"
	"encoding/binary"
	"errors"
	"regexp"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// encodingComment matches a comment that names a file's encoding for pip.
var encodingComment = regexp.MustCompile(`^(?:[^\n]*\n)?#.*coding[:=]`)

// decode returns the text of a requirements file as pip reads it, by its byte order
// mark. PowerShell of Windows writes UTF-16.
//
// Seen: pip 22.0 to 26.3, auto_decode.
func decode(data []byte) (string, error) {
	text := string(data)
	switch {
	case strings.HasPrefix(text, "\ufeff"):
		return string(withoutMark(data)), nil
	case strings.HasPrefix(text, "\xff\xfe"):
		return decode16(data[2:], binary.LittleEndian), nil
	case strings.HasPrefix(text, "\xfe\xff"):
		return decode16(data[2:], binary.BigEndian), nil
	case !utf8.Valid(data) && !encodingComment.Match(data):
		return "", errors.New("isn't UTF-8: save it as UTF-8")
	}
	return text, nil
}

// withoutMark returns UTF-8 without a byte order mark. npm, too, accepts one.
func withoutMark(data []byte) []byte {
	return bytes.TrimPrefix(data, []byte("\ufeff"))
}

// decode16 decodes UTF-16.
func decode16(data []byte, order binary.ByteOrder) string {
	units := make([]uint16, len(data)/2)
	for i := range units {
		units[i] = order.Uint16(data[2*i:])
	}
	return string(utf16.Decode(units))
}
