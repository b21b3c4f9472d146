package handlerlog

import (
	"regexp"
	"strconv"
	"strings"
)

// control are control characters but tabs and line ends, and invalid bytes.
var control = regexp.MustCompile(`[\x00-\x08\x0b-\x1f\x7f-\x{9f}\x{fffd}]`)

// Printable returns line with control characters and invalid bytes escaped, so
// that a handler can't move the cursor of the terminal or overwrite other lines.
// Tabs and line ends stay.
func Printable(line string) string {
	return control.ReplaceAllStringFunc(line, func(c string) string { return strings.Trim(strconv.Quote(c), `"`) })
}
