package cffunction

import (
	"encoding/base64"
	"fmt"
	"strings"
)

// latin1 returns a string of one character for each byte.
func latin1(data []byte) string {
	runes := make([]rune, len(data))
	for i, b := range data {
		runes[i] = rune(b)
	}
	return string(runes)
}

// atob decodes base64, with or without its padding, to a string of one character
// for each byte.
func atob(text string) (string, error) {
	data, err := base64.RawStdEncoding.DecodeString(strings.TrimRight(strings.Join(strings.Fields(text), ""), "="))
	if err != nil {
		return "", fmt.Errorf("the string to be decoded is not correctly encoded")
	}
	return latin1(data), nil
}

// btoa is the reverse of atob.
func btoa(text string) (string, error) {
	data := make([]byte, 0, len(text))
	for _, r := range text {
		if r > 0xFF {
			return "", fmt.Errorf("invalid character %q: btoa takes characters up to U+00FF", r)
		}
		data = append(data, byte(r))
	}
	return base64.StdEncoding.EncodeToString(data), nil
}
