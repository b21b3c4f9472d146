package spool

import (
	"bufio"
	"bytes"
	"io"
	"net"
	"os"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/cloudfurl/cloudfurl/internal/fault"
)

// Memory is how much of all bodies is in memory, in bytes, in the whole process.
const Memory = 64 << 20

// piece is how much of a body is kept at once, in bytes. Each body that arrives has
// a buffer of this size besides.
const piece = 8 << 10

var inMemory atomic.Int64

// reserve takes n bytes of memory if they are free.
func reserve(n int) bool {
	if inMemory.Add(int64(n)) <= Memory {
		return true
	}
	inMemory.Add(int64(-n))
	return false
}

// A Body is the body of a request, or its beginning. It can be read by several at
// once, and more than once.
type Body struct {
	size   int64
	pieces [][]byte // in memory, or
	file   *os.File // in a file that has no name any more
	users  atomic.Int32
}

// Read reads up to limit bytes of r. If there are more, rest reads on after them;
// otherwise it is nil. The caller must close the body. An error is that of r, or a
// *fault.Error if there is no room for a file.
func Read(r io.Reader, limit int64) (body *Body, rest io.Reader, err error) {
	b := new(Body)
	b.users.Store(1)
	buffer := bufio.NewWriterSize(keeper{b}, piece)
	if _, err = buffer.ReadFrom(io.LimitReader(r, limit)); err == nil {
		err = buffer.Flush()
	}
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

// A keeper appends what is written to a body.
type keeper struct{ *Body }

func (b keeper) Write(p []byte) (n int, err error) {
	if b.file == nil && reserve(len(p)) {
		b.pieces = append(b.pieces, bytes.Clone(p))
		b.size += int64(len(p))
		return len(p), nil
	}
	if b.file == nil {
		err = b.spill()
	}
	if err == nil {
		n, err = b.file.Write(p)
		b.size += int64(n)
	}
	if err != nil {
		err = fault.New("free some space there, or send less at once", "can't keep the body of a request in %s: %w", os.TempDir(), err)
	}
	return n, err
}

// spill moves the body to a file.
func (b *Body) spill() error {
	file, err := os.CreateTemp("", "cloudfurl-body-")
	if err != nil {
		return err
	}
	os.Remove(file.Name())
	_, err = b.WriteTo(file)
	b.release()
	b.file = file
	return err
}

// release gives the memory or the file back.
func (b *Body) release() {
	for _, p := range b.pieces {
		inMemory.Add(int64(-len(p)))
	}
	b.pieces = nil
	if b.file != nil {
		b.file.Close()
	}
}

// Close tells that the caller is done with the body.
func (b *Body) Close() error {
	if b.users.Add(-1) == 0 {
		b.release()
	}
	return nil
}

// Size returns the length, in bytes.
func (b *Body) Size() int64 { return b.size }

// content returns a reader of the whole body.
func (b *Body) content() io.Reader {
	if b.file != nil {
		return io.NewSectionReader(b.file, 0, b.size)
	}
	pieces := net.Buffers(slices.Clone(b.pieces))
	return &pieces
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

// Read reads on.
func (r *reader) Read(p []byte) (int, error) {
	n, err := r.content.Read(p)
	if err == io.EOF {
		r.close()
	}
	return n, err
}

// Close closes the body.
func (r *reader) Close() error { return r.close() }
