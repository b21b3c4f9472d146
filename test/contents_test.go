package test

import (
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// longPage is the number of lines from which a page begins with its contents.
const longPage = 150

var (
	fence   = regexp.MustCompile("(?ms)^```.*?^```$")
	heading = regexp.MustCompile(`(?m)^(#{1,6}) (.+)$`)
	noSlug  = regexp.MustCompile(`[^\p{L}\p{N}_ -]`)
	link    = regexp.MustCompile(`\]\(([^()\s:]*)#([^()\s]+)\)`)
)

// A pageHeading is a heading of a page: its level, where it begins, and the fragment
// by which GitHub links to it.
type pageHeading struct {
	level, at int
	fragment  string
}

// headings returns the headings of a page without its code.
func headings(page string) (all []pageHeading) {
	for _, match := range heading.FindAllStringSubmatchIndex(page, -1) {
		text := strings.ToLower(page[match[4]:match[5]])
		fragment := strings.ReplaceAll(noSlug.ReplaceAllString(text, ""), " ", "-")
		all = append(all, pageHeading{match[3] - match[2], match[0], fragment})
	}
	return all
}

func TestDocs_begin_long_pages_with_their_contents(t *testing.T) {
	for path, page := range read(t, "../ARCHITECTURE.md", "../docs/*.md") {
		if strings.Count(page, "\n") <= longPage {
			continue
		}
		page = fence.ReplaceAllString(page, "")
		var sections []pageHeading
		for _, h := range headings(page) {
			if h.level == 2 {
				sections = append(sections, h)
			}
		}
		if len(sections) == 0 {
			t.Errorf("%s has over %d lines and no headings of the second level", path, longPage)
			continue
		}
		for _, section := range sections {
			if !strings.Contains(page[:sections[0].at], "](#"+section.fragment+")") {
				t.Errorf("%s has over %d lines: link to #%s before its first section", path, longPage, section.fragment)
			}
		}
	}
}

func TestDocs_link_to_headings_that_exist(t *testing.T) {
	pages := read(t, "../*.md", "../docs/*.md", "../examples/*.md", "../examples/*/*.md")
	fragments := map[string]bool{}
	for path, page := range pages {
		pages[path] = fence.ReplaceAllString(page, "")
		for _, h := range headings(pages[path]) {
			fragments[path+"#"+h.fragment] = true
		}
	}
	for path, page := range pages {
		for _, target := range link.FindAllStringSubmatch(page, -1) {
			file := path
			if target[1] != "" {
				file = filepath.Join(filepath.Dir(path), target[1])
			}
			if filepath.Ext(file) == ".md" && !fragments[file+"#"+target[2]] {
				t.Errorf("%s links to %s#%s, which has no such heading", path, target[1], target[2])
			}
		}
	}
}
