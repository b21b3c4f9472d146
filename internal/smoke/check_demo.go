package smoke

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"slices"
)

// checksummed expects size bytes of /download, whose last line has the checksum
// of those before it.
func checksummed(size int) Check {
	return Check{fmt.Sprintf("%d B that match their checksum", size), func(r *Response) string {
		const lastLine = len("sha256 ") + 64 + 1
		if len(r.Body) != size {
			return fmt.Sprintf("%d B of body", len(r.Body))
		}
		content, last := r.Body[:size-lastLine], r.Body[size-lastLine:]
		return unless(string(last) == "sha256 "+sha256Hex(content)+"\n", "the last line is %q", excerpt(string(last), 80))
	}}
}

// uploaded expects /upload to have read the whole body, with these fields.
func uploaded(fields ...string) Check {
	return Check{"the body's hash and fields", func(r *Response) string {
		var names []string
		var last struct{ Event, Name, SHA256, Error string }
		for lines := json.NewDecoder(bytes.NewReader(r.Body)); ; {
			last.Event, last.Name = "", ""
			if err := lines.Decode(&last); err == io.EOF {
				return "the last line is missing"
			} else if err != nil {
				return "not lines of JSON"
			}
			switch last.Event {
			case "part":
				names = append(names, last.Name)
			case "error":
				return "the handler can't read it: " + last.Error
			case "end":
				sum := sha256Hex(r.Request.Body)
				return unless(last.SHA256 == sum && slices.Equal(names, fields), "the handler read the fields %q and the hash %s", names, last.SHA256)
			}
		}
	}}
}
