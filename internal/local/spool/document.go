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
	if !found {
		body = new(Body)
	}
	d := &Document{before: before, after: after, body: body, text: text}
	var err error
	if d.size, err = d.WriteTo(io.Discard); err != nil {
		return nil, err
	}
	body.users.Add(1)
	return d, nil
}

// Size returns the length, in bytes.
func (d *Document) Size() int64 { return d.size }

// WriteTo writes the document. It may be called again.
func (d *Document) WriteTo(w io.Writer) (int64, error) {
	counted := &counter{Writer: w}
	_, err := counted.Write(d.before)
	if err == nil {
		err = d.writeBody(counted)
	}
	if err == nil {
		_, err = counted.Write(d.after)
	}
	return counted.written, err
}

func (d *Document) writeBody(w io.Writer) error {
	if d.body.size == 0 {
		return nil
	}
	encoder := base64.NewEncoder(base64.StdEncoding, w)
	if d.text {
		encoder = wholeCharacters(quoter{w})
	}
	if _, err := d.body.WriteTo(encoder); err != nil {
		return err
	}
	return encoder.Close()
}

// Close ends the use of the body.
func (d *Document) Close() error { return d.body.Close() }

// IsText reports whether the body is UTF-8, as JSON needs it.
func (b *Body) IsText() bool {
	checked := wholeCharacters(io.Discard)
	_, err := b.WriteTo(checked)
	return err == nil && checked.Close() == nil
}

// wholeCharacters hands on UTF-8 in pieces that end where a character ends, and
// fails for anything else.
func wholeCharacters(w io.Writer) io.WriteCloser {
	return transform.NewWriter(w, encoding.UTF8Validator)
}

// A quoter writes text as it stands between the quotes of a JSON string.
type quoter struct{ to io.Writer }

func (q quoter) Write(p []byte) (int, error) {
	var line bytes.Buffer
	encoder := json.NewEncoder(&line)
	encoder.SetEscapeHTML(false)
	err := encoder.Encode(string(p))
	if err == nil {
		_, err = q.to.Write(line.Bytes()[1 : line.Len()-2]) // without quotes and line end
	}
	return len(p), err
}

type counter struct {
	io.Writer

	written int64
}

// Write writes and counts.
func (c *counter) Write(p []byte) (int, error) {
	n, err := c.Writer.Write(p)
	c.written += int64(n)
	return n, err
}
