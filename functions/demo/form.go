package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strconv"
)

// maxFieldName is the longest name of a form's field, or of its file, in bytes.
const maxFieldName = 1 << 10

var errLongName = fmt.Errorf("the name of a field or file is over %d bytes", maxFieldName)

// scanForm reads a form in application/x-www-form-urlencoded and calls begin for
// each field, whose value it writes to what begin returns. Then it calls end. It
// holds no value in memory, and like the standard it takes any bytes for a form.
//
// See: https://url.spec.whatwg.org/#urlencoded-parsing
func scanForm(r io.Reader, begin func(name string) io.Writer, end func() error) error {
	s := &formScanner{bufio.NewReader(r)}
	for {
		name := &limitedName{}
		delimiter, err := s.decode(name, "=&")
		if err != nil {
			return err
		}
		if delimiter == '=' || len(name.bytes) > 0 {
			value := bufio.NewWriter(begin(string(name.bytes)))
			if delimiter == '=' {
				if delimiter, err = s.decode(value, "&"); err != nil {
					return err
				}
			}
			if err := errors.Join(value.Flush(), end()); err != nil {
				return err
			}
		}
		if delimiter == 0 {
			return nil
		}
	}
}

type formScanner struct{ *bufio.Reader }

// decode writes decoded bytes to w until it has read one of the delimiters, which
// it returns, or everything.
func (s *formScanner) decode(w io.ByteWriter, delimiters string) (delimiter byte, err error) {
	for {
		b, err := s.ReadByte()
		switch {
		case err == io.EOF:
			return 0, nil
		case err != nil:
			return 0, err
		case b == delimiters[0] || b == delimiters[len(delimiters)-1]:
			return b, nil
		case b == '+':
			b = ' '
		case b == '%':
			b = s.escaped()
		}
		if err := w.WriteByte(b); err != nil {
			return 0, err
		}
	}
}

// escaped returns the byte that the two digits after % stand for, or % itself if
// there are none.
func (s *formScanner) escaped() byte {
	digits, _ := s.Peek(2)
	b, err := strconv.ParseUint(string(digits), 16, 8)
	if len(digits) < 2 || err != nil {
		return '%'
	}
	s.Discard(2)
	return byte(b)
}

// A limitedName is the name of a field.
type limitedName struct{ bytes []byte }

func (n *limitedName) WriteByte(b byte) error {
	if len(n.bytes) == maxFieldName {
		return errLongName
	}
	n.bytes = append(n.bytes, b)
	return nil
}
