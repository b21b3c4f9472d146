package client

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"math"
)

// A LineError is a line of a stream that couldn't be read.
type LineError struct {
	// Line is its number. The first is 1.
	Line int

	// Err is what was wrong.
	Err error
}

// Error returns the number and what was wrong.
func (e *LineError) Error() string { return fmt.Sprintf("client: line %d: %v", e.Line, e.Err) }

// Unwrap returns Err.
func (e *LineError) Unwrap() error { return e.Err }

// JSONLines returns the values of a stream that has one JSON value a line
// (NDJSON, JSON Lines), each as soon as its line arrives. Empty lines and a byte
// order mark are skipped. A value that can't be decoded, a line that is too long
// or an error of r is a [*LineError], and ends the stream. options may be nil.
//
// Check the status of the response first, and close its body afterwards, also if
// you leave the loop early.
func JSONLines[T any](r io.Reader, options *StreamOptions) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		number := 0
		for line, err := range lines(r, options.maxBytes()) {
			number++
			var value T
			if number == 1 {
				line = bytes.TrimPrefix(line, utf8BOM)
			}
			if err == nil {
				if line = bytes.TrimSpace(line); len(line) == 0 {
					continue
				}
				err = json.Unmarshal(line, &value)
			}
			if err != nil {
				var none T
				yield(none, &LineError{number, err})
				return
			}
			if !yield(value, nil) {
				return
			}
		}
	}
}

// lines returns the lines of r, of up to limit bytes without their ends. A line
// that an error of r ends isn't one.
func lines(r io.Reader, limit int) iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		scanner := bufio.NewScanner(r)
		// For the line's end, and one byte more than fits.
		scanner.Buffer(nil, min(limit, math.MaxInt-3)+3)
		var cut bool
		scanner.Split(func(data []byte, atEOF bool) (advance int, line []byte, err error) {
			cut = atEOF && bytes.IndexByte(data, '\n') < 0
			return bufio.ScanLines(data, atEOF)
		})
		for scanner.Scan() && !(cut && scanner.Err() != nil) {
			if len(scanner.Bytes()) > limit {
				yield(nil, lineTooLong(limit))
				return
			}
			if !yield(scanner.Bytes(), nil) {
				return
			}
		}
		switch err := scanner.Err(); {
		case errors.Is(err, bufio.ErrTooLong):
			yield(nil, lineTooLong(limit))
		case err != nil:
			yield(nil, err)
		}
	}
}

func lineTooLong(limit int) error {
	return fmt.Errorf("over %d bytes, the MaxBytes of StreamOptions: %w", limit, bufio.ErrTooLong)
}
