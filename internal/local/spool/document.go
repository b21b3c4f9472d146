package spool

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"io"

	"golang.org/x/text/encoding"
	"golang.org/x/text/transform"
)

// Placeholder is the string that a body replaces in a [Document]. Nobody can know
// it, so it is nowhere else.
var Placeholder = rand.Text()

// A Document is an event with a body in it. It is made while it is written, so
// that the copies of large bodies needn't be in memory.
type Document struct {
	before, after []byte
	body          *Body
	text          bool
	size          int64
}

// NewDocument returns the JSON with the body in the place of the string
// Placeholder, if that is in it: as it is if text is true, which it must be then,
// and otherwise in base64. The document uses the body until it is closed.
func NewDocument(data []byte, body *Body, text bool) (*Document, error) {
	before, after, found := bytes.Cut(data, []byte(Placeholder))
	d := &Document{before: before, after: after, text: text, size: int64(len(before) + len(after))}
	if !found {
		return d, nil
	}
	d.body = body
	if text {
		n, err := body.writeText(io.Discard)
		if err != nil {
			return nil, err
		}
		d.size += n
	} else {
		d.size += int64(base64.StdEncoding.EncodedLen(int(body.size)))
	}
	body.users.Add(1)
	return d, nil
}

// Size returns the length, in bytes.
func (d *Document) Size() int64 { return d.size }

// WriteTo writes the document. It may be called again.
func (d *Document) WriteTo(w io.Writer) (int64, error) {
	if _, err := w.Write(d.before); err != nil {
		return 0, err
	}
	if err := d.writeBody(w); err != nil {
		return 0, err
	}
	_, err := w.Write(d.after)
	return d.size, err
}

func (d *Document) writeBody(w io.Writer) error {
	switch {
	case d.body == nil:
		return nil
	case d.text:
		_, err := d.body.writeText(w)
		return err
	}
	encoder := base64.NewEncoder(base64.StdEncoding, w)
	if _, err := d.body.WriteTo(encoder); err != nil {
		return err
	}
	return encoder.Close()
}

// Close ends the use of the body.
func (d *Document) Close() error {
	if d.body != nil {
		d.body.Close()
	}
	return nil
}

// IsText reports whether the body is UTF-8, as JSON needs it.
func (b *Body) IsText() bool {
	whole := transform.NewWriter(io.Discard, encoding.UTF8Validator)
	_, err := b.WriteTo(whole)
	return err == nil && whole.Close() == nil
}

// writeText writes the body as it stands between the quotes of a JSON string, and
// returns how much that is. It fails unless the body is UTF-8.
func (b *Body) writeText(w io.Writer) (written int64, err error) {
	quoted := &quoter{to: w}
	whole := transform.NewWriter(quoted, encoding.UTF8Validator) // hands on whole characters
	if _, err := b.WriteTo(whole); err != nil {
		return quoted.written, err
	}
	err = whole.Close()
	return quoted.written, err
}

// A quoter writes text as it stands in a JSON string.
type quoter struct {
	to      io.Writer
	written int64
}

// Write writes whole characters.
func (q *quoter) Write(p []byte) (int, error) {
	var line bytes.Buffer
	encoder := json.NewEncoder(&line)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(string(p)); err != nil {
		return 0, err
	}
	n, err := q.to.Write(line.Bytes()[1 : line.Len()-2]) // without quotes and line end
	q.written += int64(n)
	return len(p), err
}
