// Package streamtest helps to test writers of streams.
package streamtest

import (
	"io"
	"net/http"
)

// A Pipe is a response whose Write blocks until it is read, as that of package
// streamhttp does.
type Pipe struct {
	*io.PipeReader
	writer *io.PipeWriter
	header http.Header
}

// NewPipe returns a Pipe with an empty header.
func NewPipe() *Pipe {
	reader, writer := io.Pipe()
	return &Pipe{reader, writer, http.Header{}}
}

// Break makes writes fail.
func (p *Pipe) Break(err error) { p.CloseWithError(err) }

// The methods of http.ResponseWriter and http.Flusher.

func (p *Pipe) Header() http.Header         { return p.header }
func (p *Pipe) WriteHeader(int)             {}
func (p *Pipe) Write(b []byte) (int, error) { return p.writer.Write(b) }
func (p *Pipe) Flush()                      {}
