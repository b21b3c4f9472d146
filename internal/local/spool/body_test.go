package spool

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/iotest"

	"github.com/cloudfurl/cloudfurl/internal/fault"
)

// occupy leaves free bytes of memory until the test ends, and checks then that all
// bodies have given theirs back.
func occupy(t *testing.T, free int) {
	t.Helper()
	t.Setenv("TMPDIR", t.TempDir())
	if !reserve(Memory - free) {
		t.Fatalf("%d bytes of memory are taken by other tests", inMemory.Load())
	}
	t.Cleanup(func() {
		if left := inMemory.Add(int64(free - Memory)); left != 0 {
			t.Errorf("%d bytes of memory weren't given back", left)
		}
	})
}

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

// Bodies that are in memory, that move to a file in the middle, and that begin
// there.
var frees = map[string]int{"memory": Memory, "both": 3 * piece, "file": 0}

func TestRead_reads_up_to_the_limit(t *testing.T) {
	const limit = 200_000
	readers := map[string]func(io.Reader) io.Reader{
		"whole":          func(r io.Reader) io.Reader { return r },
		"halves":         iotest.HalfReader,
		"end with data":  iotest.DataErrReader,
		"byte by byte":   iotest.OneByteReader,
		"end with bytes": func(r io.Reader) io.Reader { return iotest.DataErrReader(iotest.OneByteReader(r)) },
	}
	for where, free := range frees {
		for how, wrap := range readers {
			t.Run(where+" "+how, func(t *testing.T) {
				occupy(t, free)
				for _, size := range []int{0, 1, piece, piece + 1, limit - 1, limit, limit + 1, limit + 100_000} {
					data := pattern(size)
					body, rest, err := Read(wrap(bytes.NewReader(data)), limit)
					if err != nil {
						t.Fatal(err)
					}
					want := data[:min(size, limit)]
					if got := contentOf(t, body); !bytes.Equal(got, want) {
						t.Errorf("%d bytes: the body has %d, want the first %d", size, len(got), len(want))
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
}

func TestRead_takes_the_memory_of_what_has_arrived(t *testing.T) {
	occupy(t, Memory)
	sender, viewer := io.Pipe()
	read := make(chan *Body)
	go func() {
		body, _, _ := Read(sender, 6<<20)
		read <- body
	}()
	io.WriteString(viewer, "ten bytes.") // returns when they have been read
	if got := inMemory.Load(); got != 0 {
		t.Errorf("ten bytes took %d of memory besides the buffer", got)
	}
	viewer.Write(pattern(1 << 20))
	if got := inMemory.Load(); got < 1<<20-piece || got > 1<<20 {
		t.Errorf("1 MB took %d of memory", got)
	}
	viewer.Close()
	(<-read).Close()
}

func TestBody_can_be_read_by_several(t *testing.T) {
	for where, free := range frees {
		t.Run(where, func(t *testing.T) {
			occupy(t, free)
			data := pattern(300_000)
			body, _, err := Read(bytes.NewReader(data), 1<<20)
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
		})
	}
}

func TestBody_leaves_no_file_behind(t *testing.T) {
	occupy(t, 0)
	body, _, err := Read(strings.NewReader("body"), 100)
	if err != nil {
		t.Fatal(err)
	}
	defer body.Close()
	if left, err := os.ReadDir(os.TempDir()); err != nil || len(left) > 0 || body.file == nil {
		t.Errorf("%v has a name, or there is no file: %v", left, err)
	}
}

func TestRead_returns_the_error_of_its_reader(t *testing.T) {
	for where, free := range frees {
		t.Run(where, func(t *testing.T) {
			occupy(t, free)
			broken := errors.New("broken")
			for _, size := range []int{0, 10, 100_000, 200_000} {
				r := io.MultiReader(bytes.NewReader(pattern(size)), iotest.ErrReader(broken))
				if body, _, err := Read(r, 200_000); err != broken || body != nil {
					t.Errorf("after %d bytes: got %v", size, err)
				}
			}
		})
	}
}

func TestRead_says_that_there_is_no_room(t *testing.T) {
	occupy(t, 0)
	missing := filepath.Join(t.TempDir(), "missing")
	t.Setenv("TMPDIR", missing)
	_, _, err := Read(strings.NewReader("body"), 100)
	full := new(fault.Error)
	if !errors.As(err, &full) || !strings.Contains(full.Problem, missing) || !errors.Is(err, os.ErrNotExist) || full.Hint == "" {
		t.Errorf("got %v", err)
	}
}

func TestBodies_together_stay_within_the_memory(t *testing.T) {
	occupy(t, Memory)
	const bodies, size = 100, 1 << 20
	data := pattern(size)
	var arrived, done sync.WaitGroup
	release := make(chan struct{})
	arrived.Add(bodies)
	for range bodies {
		done.Go(func() {
			body, _, err := Read(bytes.NewReader(data), size)
			arrived.Done()
			if err != nil {
				t.Error(err)
				return
			}
			defer body.Close()
			<-release
			if !bytes.Equal(contentOf(t, body), data) {
				t.Error("a body changed")
			}
		})
	}
	arrived.Wait()
	if got := inMemory.Load(); got > Memory || got == 0 {
		t.Errorf("%d bytes are in memory, want some, and at most %d", got, Memory)
	}
	close(release)
	done.Wait()
}
