package dockerfile

import (
	"regexp"
	"strings"

	"github.com/cloudfurl/cloudfurl/internal/fault"
)

// An instruction is one instruction with the lines that continue it.
type instruction struct {
	line    int    // of its first line
	keyword string // in capitals
	flags   map[string]string
	args    string
}

// continuations match the end of a line that the next one continues, by escape
// character. Doubled, the character stands for itself.
var continuations = map[byte]*regexp.Regexp{
	'\\': regexp.MustCompile("(?:^|[^\\\\])(\\\\[ \t]*)$"),
	'`':  regexp.MustCompile("(?:^|[^`])(`[ \t]*)$"),
}

// directive matches a parser directive, and heredoc a word that begins a
// here-document: whether tabs are removed, and its name.
var (
	directive = regexp.MustCompile(`^#\s*([a-zA-Z][a-zA-Z0-9-]*)\s*=\s*(\S.*?)\s*$`)
	heredoc   = regexp.MustCompile(`^\d*<<(-?)\s*(["']?)([^\s<"']+)(["']?)$`)
)

// scan returns the instructions of a Dockerfile and its escape character.
func scan(text string) ([]instruction, byte, error) {
	s := &scanner{lines: strings.Split(strings.TrimPrefix(text, "\ufeff"), "\n"), escape: '\\'}
	if err := s.directives(); err != nil {
		return nil, 0, err
	}
	var instructions []instruction
	for s.next < len(s.lines) {
		first := s.next + 1
		text := strings.TrimSpace(s.logicalLine())
		if text == "" {
			continue
		}
		i, err := newInstruction(first, text)
		if err == nil {
			err = s.skipHeredocs(i)
		}
		if err != nil {
			return nil, 0, atLine(first, err)
		}
		instructions = append(instructions, i)
	}
	return instructions, s.escape, nil
}

type scanner struct {
	lines  []string
	next   int
	escape byte
}

// directives reads the parser directives, which come before everything else.
//
// See: https://docs.docker.com/reference/dockerfile/#parser-directives
func (s *scanner) directives() error {
	for ; s.next < len(s.lines); s.next++ {
		match := directive.FindStringSubmatch(strings.TrimSpace(s.lines[s.next]))
		if match == nil {
			return nil
		}
		if !strings.EqualFold(match[1], "escape") {
			continue
		}
		if match[2] != "\\" && match[2] != "`" {
			return atLine(s.next+1, fault.New("use \\ or `", "invalid escape character %q", match[2]))
		}
		s.escape = match[2][0]
	}
	return nil
}

// logicalLine returns the next line with those that continue it. Comments and
// empty lines between them are left out.
func (s *scanner) logicalLine() string {
	var b strings.Builder
	for first := true; s.next < len(s.lines); first = false {
		line := strings.TrimRight(s.lines[s.next], "\r")
		s.next++
		trimmed := strings.TrimSpace(line)
		if strings.HasPrefix(trimmed, "#") || trimmed == "" {
			if first {
				break
			}
			continue
		}
		match := continuations[s.escape].FindStringSubmatchIndex(line)
		if match == nil {
			b.WriteString(line)
			break
		}
		b.WriteString(line[:match[2]])
	}
	return b.String()
}

// skipHeredocs skips the here-documents that an instruction begins.
//
// See: https://docs.docker.com/reference/dockerfile/#here-documents
func (s *scanner) skipHeredocs(i instruction) error {
	if i.keyword != "RUN" && i.keyword != "COPY" && i.keyword != "ADD" || strings.HasPrefix(i.args, "[") {
		return nil
	}
	for _, word := range strings.Fields(i.args) {
		match := heredoc.FindStringSubmatch(word)
		if match == nil || match[2] != match[4] {
			continue
		}
		ended := false
		for !ended && s.next < len(s.lines) {
			line := strings.TrimRight(s.lines[s.next], "\r")
			if match[1] == "-" {
				line = strings.TrimLeft(line, "\t")
			}
			ended = line == match[3]
			s.next++
		}
		if !ended {
			return fault.New("write "+match[3]+" on a line of its own after the document", "the here-document %s doesn't end", match[3])
		}
	}
	return nil
}

// newInstruction splits an instruction into keyword, flags and the rest.
func newInstruction(line int, text string) (instruction, error) {
	keyword, rest := cutWord(text)
	i := instruction{line: line, keyword: strings.ToUpper(keyword), flags: map[string]string{}, args: rest}
	if !keywords[i.keyword] {
		return i, fault.New("correct the instruction, or end the line before with \\ to continue it", "unknown instruction %q", keyword)
	}
	if i.args == "" {
		return i, fault.New("write what it should do", "%s has no arguments", i.keyword)
	}
	for strings.HasPrefix(i.args, "--") {
		flag, rest := cutWord(i.args)
		name, value, _ := strings.Cut(strings.TrimPrefix(flag, "--"), "=")
		i.flags[name], i.args = strings.Trim(value, `"'`), rest
	}
	return i, nil
}

var keywords = map[string]bool{
	"ADD": true, "ARG": true, "CMD": true, "COPY": true, "ENTRYPOINT": true, "ENV": true, "EXPOSE": true, "FROM": true, "HEALTHCHECK": true,
	"LABEL": true, "MAINTAINER": true, "ONBUILD": true, "RUN": true, "SHELL": true, "STOPSIGNAL": true, "USER": true, "VOLUME": true, "WORKDIR": true,
}

// cutWord returns the first word of text and what follows it.
func cutWord(text string) (word, rest string) {
	end := strings.IndexAny(text, " \t")
	if end < 0 {
		return text, ""
	}
	return text[:end], strings.TrimSpace(text[end:])
}
