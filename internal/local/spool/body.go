package spool

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"sync"
	"sync/atomic"

	"github.com/cloudfurl/cloudfurl/internal/fault"
)

// maxInMemory is how large a body in memory is, in bytes.
const maxInMemory = 64 << 10

// A Body is the body of a request, or its beginning. It can be read by several at
// once, and more than once.
type Body struct {
	size  int64
	data  []byte   // in memory, or
	file  *os.File // in a file that has no name any more
	named bool     // unless it has: Windows keeps the names of open files
	users atomic.Int32
}

// Read reads up to limit bytes of r. If there are more, rest reads on after them;
// otherwise it is nil. The caller must close the body. An error is that of r, or a
// *fault.Error if there is no room for a file.
func Read(r io.Reader, limit int64) (body *Body, rest io.Reader, err error) {
	b := new(Body)
	b.users.Store(1)
	limited := io.LimitReader(r, limit)
	if b.data, err = io.ReadAll(io.LimitReader(limited, maxInMemory+1)); err == nil && len(b.data) > maxInMemory {
		err = b.spill(limited)
	}
	b.size += int64(len(b.data))
	var next [1]byte
	if err == nil {
		_, err = io.ReadFull(r, next[:])
	}
	switch {
	case err == io.EOF:
		return b, nil, nil
	case err != nil:
		b.Close()
		return nil, nil, err
	}
	return b, io.MultiReader(bytes.NewReader(next[:]), r), nil
}

// spill moves what is in memory to a file, and adds the rest.
func (b *Body) spill(rest io.Reader) error {
	file, err := os.CreateTemp("", "cloudfurl-body-")
	if err == nil {
		b.file, b.named = file, os.Remove(file.Name()) != nil
		b.size, err = io.Copy(file, io.MultiReader(bytes.NewReader(b.data), rest))
		b.data = nil
	}
	if failed := new(fs.PathError); errors.As(err, &failed) {
		err = fault.New("free some space there, or send less at once", "can't keep the body of a request in %s: %w", os.TempDir(), err)
	}
	return err
}

// Close tells that the caller is done with the body.
func (b *Body) Close() error {
	if b.users.Add(-1) == 0 && b.file != nil {
		err := b.file.Close()
		if b.named {
			os.Remove(b.file.Name())
		}
		return err
	}
	return nil
}

// Size returns how large the body is, in bytes.
func (b *Body) Size() int64 { return b.size }

func (b *Body) content() io.Reader {
	if b.file != nil {
		return io.NewSectionReader(b.file, 0, b.size)
	}
	return bytes.NewReader(b.data)
}

// WriteTo writes the whole body.
func (b *Body) WriteTo(w io.Writer) (int64, error) { return io.Copy(w, b.content()) }

// Reader returns a reader of the whole body in the place of the caller's use of it:
// reading to the end, or Close, closes the body.
func (b *Body) Reader() io.ReadCloser { return &reader{b.content(), sync.OnceValue(b.Close)} }

type reader struct {
	content io.Reader
	close   func() error
}

func (r *reader) Read(p []byte) (int, error) {
	n, err := r.content.Read(p)
	if err == io.EOF {
		r.close()
	}
	return n, err
}

func (r *reader) Close() error { return r.close() }
