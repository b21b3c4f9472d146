package main

import (
	"cmp"
	"embed"
	"fmt"
	"io/fs"
	"math"
	"regexp"
	"slices"
	"strings"
)

//go:embed notes/*.md
var noteFiles embed.FS

// A passage is a paragraph of a note.
type passage struct {
	Title string `json:"title"`
	Text  string `json:"text"`
}

// A library is what the agent searches: the passages of its notes, and how many
// of them have a word.
type library struct {
	passages []passage
	words    []map[string]int // of each passage
	spread   map[string]int
}

// newLibrary reads files whose first line is a title and whose paragraphs are
// separated by empty lines.
func newLibrary(files fs.FS) (*library, error) {
	names, err := fs.Glob(files, "*/*.md")
	if err != nil {
		return nil, err
	}
	l := &library{spread: map[string]int{}}
	for _, name := range names {
		data, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, fmt.Errorf("the agent's notes can't be read: %w", err)
		}
		title, text, _ := strings.Cut(string(data), "\n")
		for paragraph := range strings.SplitSeq(text, "\n\n") {
			if paragraph = strings.TrimSpace(paragraph); paragraph != "" {
				l.add(passage{strings.TrimPrefix(title, "# "), paragraph})
			}
		}
	}
	return l, nil
}

func (l *library) add(p passage) {
	words := map[string]int{}
	for _, word := range keywords(p.Title + " " + p.Text) {
		if words[word]++; words[word] == 1 {
			l.spread[word]++
		}
	}
	l.passages, l.words = append(l.passages, p), append(l.words, words)
}

// search returns the passages that fit a query best, the best first, and none that
// fits half as well as that. Rare words count more, and a second occurrence of a word
// counts less than the first.
func (l *library) search(query string, limit int) []passage {
	scores := make([]float64, len(l.passages))
	var found []int
	for i, words := range l.words {
		for _, word := range slices.Compact(slices.Sorted(slices.Values(keywords(query)))) {
			if n := float64(words[word]); n > 0 {
				scores[i] += n / (n + 1) * math.Log(1+float64(len(l.passages))/float64(l.spread[word]))
			}
		}
		if scores[i] > 0 {
			found = append(found, i)
		}
	}
	slices.SortStableFunc(found, func(a, b int) int { return cmp.Compare(scores[b], scores[a]) })
	best := []passage{}
	for _, i := range found[:min(limit, len(found))] {
		if scores[i] > scores[found[0]]/2 {
			best = append(best, l.passages[i])
		}
	}
	return best
}

var (
	word = regexp.MustCompile(`[\pL\pN]+`)

	// common words say nothing about a text.
	common = strings.Fields("a about after all an and any are as at be but by can could do does doesn for from get has have how i if in into is it its " +
		"me my no not of on one or should so t tell that the their them then there they this to too was we what when where which who why will with without work would you your")
)

// keywords returns the words of a text in lower case, without common ones and
// without an s at the end.
func keywords(text string) (found []string) {
	for _, w := range word.FindAllString(strings.ToLower(text), -1) {
		if slices.Contains(common, w) {
			continue
		}
		if len(w) > 3 && !strings.HasSuffix(w, "ss") {
			w = strings.TrimSuffix(w, "s")
		}
		found = append(found, w)
	}
	return found
}
