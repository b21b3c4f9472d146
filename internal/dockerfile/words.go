package dockerfile

import (
	"encoding/json"
	"strings"

	"github.com/cloudfurl/cloudfurl/internal/fault"
)

// words splits text at spaces that are neither quoted nor escaped. Quotes and
// escapes stay.
func words(text string, escape byte) []string {
	var found []string
	var quote byte
	start := -1
	for i := 0; i < len(text); i++ {
		c := text[i]
		if quote == 0 && (c == ' ' || c == '\t') {
			if start >= 0 {
				found = append(found, text[start:i])
			}
			start = -1
			continue
		}
		if start < 0 {
			start = i
		}
		switch {
		case c == escape && quote != '\'':
			i++
		case quote == 0 && (c == '"' || c == '\''):
			quote = c
		case c == quote:
			quote = 0
		}
	}
	if start >= 0 {
		found = append(found, text[start:])
	}
	return found
}

// A pair is a name and a value; set is false if there is no value.
type pair struct {
	name, value string
	set         bool
}

// pairs returns the NAME=VALUE words of ENV or ARG.
func pairs(i instruction, escape byte) ([]pair, error) {
	found := words(i.args, escape)
	if len(found) == 0 {
		return nil, fault.New("write NAME=VALUE", "%s has flags only", i.keyword)
	}
	if i.keyword == "ENV" && !strings.Contains(found[0], "=") {
		// The old form has one pair, without =.
		name, value := cutWord(i.args)
		if value == "" {
			return nil, fault.New("write NAME=VALUE", "ENV %s has no value", name)
		}
		return []pair{{name, value, true}}, nil
	}
	var result []pair
	for _, word := range found {
		name, value, set := strings.Cut(word, "=")
		if name == "" || !set && i.keyword == "ENV" {
			return nil, fault.New("write NAME=VALUE, with quotes around a value that has spaces", "%s has the word %q", i.keyword, word)
		}
		result = append(result, pair{name, value, set})
	}
	return result, nil
}

// list returns the strings of the JSON form of an instruction.
func list(args string) ([]string, bool) {
	if !strings.HasPrefix(args, "[") {
		return nil, false
	}
	var found []string
	if err := json.Unmarshal([]byte(args), &found); err != nil {
		return nil, false // Docker takes it as the shell form then
	}
	return found, true
}
