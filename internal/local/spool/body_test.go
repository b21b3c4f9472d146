package spool

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/cloudfurl/cloudfurl/internal/fault"
	"github.com/cloudfurl/cloudfurl/internal/local/guard"
)

// pattern returns n bytes, none of which is like its neighbors.
func pattern(n int) []byte {
	data := make([]byte, n)
	for i := range data {
		data[i] = byte(i ^ i>>8)
	}
	return data
}

func contentOf(t *testing.T, b *Body) []byte {
	t.Helper()
	var content bytes.Buffer
	n, err := b.WriteTo(&content)
	if err != nil || n != b.Size() || int64(content.Len()) != n {
		t.Errorf("wrote %d of %d bytes, %v", n, b.Size(), err)
	}
	return content.Bytes()
}

// border is where bodies move to a file.
const border = maxInMemory

func TestRead_reads_up_to_the_limit(t *testing.T) {
	const limit = border + 200_000
	readers := map[string]func(io.Reader) io.Reader{
		"whole":         func(r io.Reader) io.Reader { return r },
		"halves":        iotest.HalfReader,
		"end with data": iotest.DataErrReader,
		"a kilobyte":    func(r io.Reader) io.Reader { return iotest.DataErrReader(bufio.NewReaderSize(r, 1<<10)) },
	}
	for how, wrap := range readers {
		t.Run(how, func(t *testing.T) {
			t.Setenv(guard.TempVariable, t.TempDir())
			for _, size := range []int{0, 1, border - 1, border, border + 1, limit - 1, limit, limit + 1, limit + 100_000} {
				data := pattern(size)
				body, rest, err := Read(wrap(bytes.NewReader(data)), limit)
				if err != nil {
					t.Fatal(err)
				}
				want := data[:min(size, limit)]
				if got := contentOf(t, body); !bytes.Equal(got, want) {
					t.Errorf("%d bytes: the body has %d, want the first %d", size, len(got), len(want))
				}
				if (body.file != nil) != (size > border) {
					t.Errorf("%d bytes: in a file: %v", size, body.file != nil)
				}
				if (rest != nil) != (size > limit) {
					t.Errorf("%d bytes: rest is %v", size, rest)
				}
				if rest != nil {
					if got, err := io.ReadAll(rest); err != nil || !bytes.Equal(got, data[limit:]) {
						t.Errorf("%d bytes: the rest has %d, %v", size, len(got), err)
					}
				}
				body.Close()
			}
		})
	}
}

func TestBody_can_be_read_by_several(t *testing.T) {
	for _, size := range []int{border / 2, border + 300_000} {
		data := pattern(size)
		body, _, err := Read(bytes.NewReader(data), 2<<20)
		if err != nil {
			t.Fatal(err)
		}
		document, err := NewDocument([]byte(Placeholder), body, false)
		if err != nil {
			t.Fatal(err)
		}
		reader := body.Reader()
		if got, err := io.ReadAll(reader); err != nil || !bytes.Equal(got, data) {
			t.Errorf("the reader got %d bytes, %v", len(got), err)
		}
		reader.Close() // though it was read to its end
		for range 2 {
			if n, err := document.WriteTo(io.Discard); err != nil || n != document.Size() {
				t.Errorf("the document wrote %d of %d bytes after the reader's end, %v", n, document.Size(), err)
			}
		}
		document.Close()
		if body.file != nil && body.file.Fd() != ^uintptr(0) {
			t.Error("the file is still open")
		}
	}
}

func TestBody_leaves_no_file_behind(t *testing.T) {
	t.Setenv(guard.TempVariable, t.TempDir())
	body, _, err := Read(bytes.NewReader(pattern(border+1)), 2<<20)
	if err != nil {
		t.Fatal(err)
	}
	defer body.Close()
	if left, err := os.ReadDir(os.TempDir()); err != nil || len(left) > 0 || body.file == nil {
		t.Errorf("%v has a name, or there is no file: %v", left, err)
	}
}

func TestRead_returns_the_error_of_its_reader(t *testing.T) {
	broken := errors.New("broken")
	for _, size := range []int{0, 10, border / 2, border, border + 10, border + 100} {
		r := io.MultiReader(bytes.NewReader(pattern(size)), iotest.ErrReader(broken))
		if body, _, err := Read(r, border+100); err != broken || body != nil {
			t.Errorf("after %d bytes: got %v", size, err)
		}
	}
}

func TestRead_says_that_there_is_no_room(t *testing.T) {
	missing := filepath.Join(t.TempDir(), "missing")
	t.Setenv(guard.TempVariable, missing)
	_, _, err := Read(bytes.NewReader(pattern(border+1)), 2<<20)
	full := new(fault.Error)
	if !errors.As(err, &full) || !strings.Contains(full.Problem, missing) || !errors.Is(err, os.ErrNotExist) || full.Hint == "" {
		t.Errorf("got %v", err)
	}
}
