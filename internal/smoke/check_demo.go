package smoke

import (
	"bytes"
	"encoding/json"
	"fmt"
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

// uploaded expects /upload to have read the whole body.
func uploaded() Check {
	return Check{"the body's hash", func(r *Response) string {
		lines := bytes.Split(bytes.TrimSpace(r.Body), []byte("\n"))
		var last struct{ Event, SHA256, Error string }
		if err := json.Unmarshal(lines[len(lines)-1], &last); err != nil {
			return "not lines of JSON"
		}
		return unless(last.Event == "end" && last.SHA256 == sha256Hex(r.Request.Body), "the last line is %q", last)
	}}
}
