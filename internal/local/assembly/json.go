package assembly

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
)

const cureSynth = "run cdk synth again"

// readJSON decodes the one JSON value of a file. Numbers keep their text, as
// templates compare and join them as text.
func readJSON(path string, into any) error {
	data, err := os.ReadFile(path)
	if err != nil {
		return &Error{Path: path, Problem: "cannot be read", Cure: cureSynth, Err: err}
	}
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.UseNumber()
	if err := decoder.Decode(into); err != nil {
		return &Error{Path: path, Problem: "is not valid JSON" + position(data, err), Cure: cureSynth, Err: err}
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		offset := decoder.InputOffset()
		return &Error{Path: path, Problem: "has more than one JSON value" + place(data, offset), Cure: cureSynth}
	}
	return nil
}

// position says where in data a decoding error lies.
func position(data []byte, err error) string {
	var syntax *json.SyntaxError
	var mismatch *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax):
		return place(data, syntax.Offset)
	case errors.As(err, &mismatch):
		return place(data, mismatch.Offset)
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return place(data, int64(len(data)))
	}
	return ""
}

func place(data []byte, offset int64) string {
	offset = min(max(offset, 0), int64(len(data)))
	before := data[:offset]
	line := bytes.Count(before, []byte("\n")) + 1
	column := len(before) - (bytes.LastIndexByte(before, '\n') + 1)
	return fmt.Sprintf(" at line %d, column %d (byte %d)", line, column, offset)
}
