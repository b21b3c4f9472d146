package template

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/cloudfurl/cloudfurl/internal/fault"
)

func (r resolver) join(raw any) (any, error) {
	a := r.arguments(raw, 2, 2, `["delimiter", [values]]`)
	delimiter, values := literal[string](a, 0, "a string"), a.values(1)
	text, err := joinScalars(values, delimiter)
	a.fail(1, err)
	return text, a.err
}

// joinScalars joins values that must be strings.
func joinScalars(values []any, delimiter string) (string, error) {
	var b strings.Builder
	for i, value := range values {
		text, err := textOf(value)
		if err != nil {
			return "", inIndex(err, i)
		}
		if i > 0 {
			b.WriteString(delimiter)
		}
		b.WriteString(text)
		if b.Len() > maxText {
			return "", tooLong()
		}
	}
	return b.String(), nil
}

func tooLong() error {
	return fail("gives a string of more than %d bytes, the size of the largest template", maxText)
}

func (r resolver) selectElement(raw any) (any, error) {
	a := r.arguments(raw, 2, 2, `[index, [values]]`)
	text, values := a.text(0), a.values(1)
	if a.err != nil {
		return nil, a.err
	}
	index, err := strconv.Atoi(text)
	switch {
	case err != nil:
		return nil, inIndex(fail("is %q, not an index", text), 0)
	case index < 0 || index >= len(values):
		return nil, inIndex(fault.New("indexes start at 0", "index %d is out of range: the list has length %d", index, len(values)), 0)
	}
	return values[index], nil
}

func (r resolver) split(raw any) (any, error) {
	a := r.arguments(raw, 2, 2, `["delimiter", "string"]`)
	delimiter, text := literal[string](a, 0, "a delimiter"), a.text(1)
	if delimiter == "" {
		a.fail(0, fail("isn't a delimiter of at least one character"))
	}
	return splitList(text, delimiter), a.err
}

func splitList(text, delimiter string) []any { return listOf(strings.Split(text, delimiter)) }

func listOf(parts []string) []any {
	list := make([]any, len(parts))
	for i, part := range parts {
		list[i] = part
	}
	return list
}

func (r resolver) findInMap(raw any) (any, error) {
	a := r.arguments(raw, 3, 4, `["map", "top-level key", "second-level key"]`)
	if a.err != nil {
		return nil, a.err
	}
	var fallback any
	if len(a.list) == 4 {
		options, _ := a.list[3].(map[string]any)
		var given bool
		if fallback, given = options["DefaultValue"]; !given || len(options) != 1 {
			return nil, inIndex(fail("isn't of the form {\"DefaultValue\": value}"), 3)
		}
	}
	level := r.s.mappings
	var value any
	for i := range 3 {
		key := a.text(i)
		if a.err != nil {
			return nil, a.err
		}
		found, ok := level[key]
		if !ok && fallback != nil {
			return r.argument(fallback)
		}
		if !ok {
			return nil, inIndex(fault.New(useKnown(keys(level)), "%q isn't in Mappings", key), i)
		}
		value = found
		if level, ok = found.(map[string]any); !ok && i < 2 {
			return nil, inIndex(fail("is %s at %q in Mappings, not an object", typeName(found), key), i)
		}
	}
	if _, ok := value.([]any); ok {
		return value, nil
	}
	if _, ok := scalar(value); !ok {
		return nil, fail("is %s in Mappings, not a string or list", typeName(value))
	}
	return value, nil
}

func (r resolver) base64(raw any) (any, error) {
	text, err := r.text(raw)
	if err != nil {
		return nil, err
	}
	if base64.StdEncoding.EncodedLen(len(text)) > maxText {
		return nil, tooLong()
	}
	return base64.StdEncoding.EncodeToString([]byte(text)), nil
}

// toJSONString writes the keys of objects in their order by name.
//
// Inferred: AWS doesn't document the order, and a decoded template has lost its
// own.
func (r resolver) toJSONString(raw any) (any, error) {
	value, err := r.argument(raw)
	if err != nil {
		return nil, err
	}
	switch value.(type) {
	case map[string]any, []any:
	default:
		return nil, fail("is %s, not an object or list", typeName(value))
	}
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		return nil, fail("can't be written as JSON: %v", err)
	}
	if b.Len() > maxText {
		return nil, tooLong()
	}
	return strings.TrimSuffix(b.String(), "\n"), nil
}

func keys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
