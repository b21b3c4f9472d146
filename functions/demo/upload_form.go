package main

import (
	"crypto/sha256"
	"hash"
	"io"
	"mime/multipart"
)

func (u *uploading) readForm() error {
	var part uploadLine
	var value *counter
	return scanForm(u, func(name string) io.Writer {
		part, value = uploadLine{Name: name}, &counter{Hash: sha256.New()}
		return value
	}, func() error {
		part.Bytes = value.bytes
		return u.sendPart(part, value)
	})
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

// A counter is a hash that counts.
type counter struct {
	hash.Hash
	bytes int64
}

func (c *counter) Write(p []byte) (int, error) {
	c.bytes += int64(len(p))
	return c.Hash.Write(p)
}
