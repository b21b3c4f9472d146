package console

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/width"
)

func columns(text string) (n int) {
	for _, r := range text {
		n += columnsOf(r)
	}
	return n
}

func columnsOf(r rune) int {
	switch kind := width.LookupRune(r).Kind(); {
	case unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf):
		return 0
	case kind == width.EastAsianWide, kind == width.EastAsianFullwidth:
		return 2
	}
	return 1
}

func pad(text string, width int) string {
	return text + strings.Repeat(" ", max(0, width-columns(text)))
}

// fitting returns how many bytes from the start of a text fit into width columns, at
// least a character.
func fitting(text string, width int) int {
	for i, r := range text {
		if width -= columnsOf(r); width < 0 && i > 0 {
			return i
		}
	}
	return len(text)
}

// cut returns a text of at most width columns, with … in place of its middle: the
// beginning and the end of a URL say most. A width of 0 cuts nothing.
func cut(text string, width int) string {
	if width < 1 || columns(text) <= width {
		return text
	}
	tail := text
	for columns(tail) > width/3 {
		_, size := utf8.DecodeRuneInString(tail)
		tail = tail[size:]
	}
	return text[:fitting(text, width-1-columns(tail))] + "…" + tail
}

// Wrap breaks a text at its line ends, and at spaces where a line would be longer than
// width columns. A word that is longer by itself is broken too. Spaces at the beginning of
// a line stay. A width of 0 breaks at line ends only.
func Wrap(text string, width int) (lines []string) {
	for line := range strings.SplitSeq(strings.TrimRight(text, "\n"), "\n") {
		line = strings.ReplaceAll(line, "\t", "    ")
		for width > 0 {
			end := fitting(line, width)
			if end == len(line) {
				break
			}
			if space := strings.LastIndexByte(line[:end+1], ' '); space > 0 && strings.TrimSpace(line[:space]) != "" {
				end = space
			}
			lines = append(lines, line[:end])
			line = strings.TrimLeft(line[end:], " ")
		}
		lines = append(lines, line)
	}
	return lines
}
