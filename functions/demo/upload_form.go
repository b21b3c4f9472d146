package main

import (
	"crypto/sha256"
	"fmt"
	"io"
	"mime/multipart"
	"net/url"
	"strings"
)

// maxFieldName is the longest name of a form's field, or of its file, in bytes.
const maxFieldName = 1 << 10

var errLongName = fmt.Errorf("the name of a field or file is over %d bytes", maxFieldName)

// readForm reads a form in application/x-www-form-urlencoded. Unlike
// url.ParseQuery it keeps the order of the fields.
func (u *uploading) readForm() error {
	body, err := io.ReadAll(u)
	if err != nil {
		return err
	}
	for field := range strings.SplitSeq(string(body), "&") {
		if field == "" {
			continue
		}
		encodedName, encodedValue, _ := strings.Cut(field, "=")
		name, value := unescape(encodedName), unescape(encodedValue)
		if len(name) > maxFieldName {
			return errLongName
		}
		sum := sha256.New()
		io.WriteString(sum, value)
		if err := u.sendPart(uploadLine{Name: name, Bytes: int64(len(value))}, sum); err != nil {
			return err
		}
	}
	return nil
}

// unescape decodes text, or returns it unchanged if an escape is invalid.
func unescape(s string) string {
	if plain, err := url.QueryUnescape(s); err == nil {
		return plain
	}
	return s
}

func (u *uploading) readParts(parts *multipart.Reader) error {
	for {
		part, err := parts.NextPart()
		if err == io.EOF {
			_, err = io.Copy(io.Discard, u) // what follows the last part
			return err
		}
		if err != nil {
			return err
		}
		if len(part.FormName()) > maxFieldName || len(part.FileName()) > maxFieldName {
			return errLongName
		}
		sum := sha256.New()
		n, err := io.Copy(sum, part)
		if err != nil {
			return err
		}
		line := uploadLine{Name: part.FormName(), File: part.FileName(), Type: part.Header.Get("Content-Type"), Bytes: n}
		if err := u.sendPart(line, sum); err != nil {
			return err
		}
	}
}
