package dockerfile

import (
	"regexp"
	"slices"
	"strings"
)

// An instruction is one instruction with the lines that continue it.
type instruction struct {
	line    int    // of its first line
	keyword string // in capitals
	from    string // what --from names
	args    string
}

// heredoc matches the words that begin here-documents.
//
// See: https://docs.docker.com/reference/dockerfile/#here-documents
var heredoc = regexp.MustCompile(`(?:^|\s)\d*<<-?["']?(\w+)`)

// scan reads the instructions of a Dockerfile. Comments, empty lines and
// here-documents are left out.
func (p *parser) scan(text string) {
	var b strings.Builder
	var ends []string // of the here-documents that have begun
	for n, line := range strings.Split(strings.TrimPrefix(text, "\ufeff")+"\n", "\n") {
		line = strings.TrimRight(line, " \t\r")
		start := strings.TrimLeft(line, " \t")
		switch {
		case len(ends) > 0:
			if start == ends[0] {
				ends = ends[1:]
			}
			continue
		case start == "" || start[0] == '#':
			continue
		case b.Len() == 0:
			p.line = n + 1
		}
		text, continued := strings.CutSuffix(line, `\`)
		if b.WriteString(text); continued {
			continue
		}
		i := p.instruction(strings.TrimSpace(b.String()))
		b.Reset()
		if slices.Contains([]string{"RUN", "COPY", "ADD"}, i.keyword) && !strings.HasPrefix(i.args, "[") {
			for _, match := range heredoc.FindAllStringSubmatch(i.args, -1) {
				ends = append(ends, match[1])
			}
		}
		p.read(i)
	}
	if len(ends) > 0 {
		p.fail("write "+ends[0]+" on a line of its own after the document", "the here-document %s doesn't end", ends[0])
	}
}

// keywords are those of all instructions.
var keywords = []string{
	"ADD", "ARG", "CMD", "COPY", "ENTRYPOINT", "ENV", "EXPOSE", "FROM", "HEALTHCHECK", "LABEL", "MAINTAINER", "ONBUILD", "RUN", "SHELL",
	"STOPSIGNAL", "USER", "VOLUME", "WORKDIR",
}

// instruction splits an instruction into keyword, flags and the rest.
func (p *parser) instruction(text string) instruction {
	keyword, args := cutWord(text)
	i := instruction{line: p.line, keyword: strings.ToUpper(keyword)}
	if !slices.Contains(keywords, i.keyword) {
		p.fail("correct the instruction, or end the line before with \\ to continue it", "unknown instruction %.50q", keyword)
	}
	for strings.HasPrefix(args, "--") {
		var flag string
		flag, args = cutWord(args)
		if from, ok := strings.CutPrefix(flag, "--from="); ok {
			i.from = from
		}
	}
	i.args = args
	return i
}

func cutWord(text string) (word, rest string) {
	end := strings.IndexAny(text, " \t")
	if end < 0 {
		return text, ""
	}
	return text[:end], strings.TrimSpace(text[end:])
}
