package console

import (
	"strings"
	"unicode"

	"golang.org/x/text/width"
)

// columns returns how many columns of a terminal a text takes.
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

// pad adds spaces up to a width.
func pad(text string, width int) string {
	return text + strings.Repeat(" ", max(0, width-columns(text)))
}

// cut returns a text of at most width columns, with … in place of its middle: the
// beginning and the end of a URL say most.
func cut(text string, width int) string {
	if columns(text) <= width || width < 1 {
		return text
	}
	runes := []rune(text)
	from, to, left := 0, len(runes), width-1 // for the …
	for tail := width / 3; columnsOf(runes[from]) <= left-tail; from++ {
		left -= columnsOf(runes[from])
	}
	for ; columnsOf(runes[to-1]) <= left; to-- {
		left -= columnsOf(runes[to-1])
	}
	return string(runes[:from]) + "…" + string(runes[to:])
}

// Wrap breaks a text at its line ends, and at spaces where a line would be longer than
// width columns. A word that is longer by itself is broken too. Spaces at the beginning of
// a line stay. A width of 0 breaks at line ends only.
func Wrap(text string, width int) (lines []string) {
	for line := range strings.SplitSeq(strings.TrimRight(text, "\n"), "\n") {
		line = strings.ReplaceAll(line, "\t", "    ")
		for width > 0 && columns(line) > width {
			end, space, used := 0, 0, 0
			for i, r := range line {
				if used += columnsOf(r); used > width {
					end = i
					break
				}
				if r == ' ' && strings.TrimSpace(line[:i]) != "" {
					space = i
				}
			}
			if line[end] == ' ' {
				space = end
			}
			if space > 0 {
				end = space
			}
			lines = append(lines, line[:max(1, end)])
			line = strings.TrimLeft(line[max(1, end):], " ")
		}
		lines = append(lines, line)
	}
	return lines
}
