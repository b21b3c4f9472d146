package smoke

import (
	"fmt"
	"regexp"
	"strings"
)

// A Case is one row of the matrix.
type Case struct {
	// Group is the heading that the case stands under.
	Group string

	// Name is what is tried. It is unique in its group.
	Name string

	// Why says what goes wrong for somebody when the case fails, and whether its
	// expectation is only inferred.
	Why string

	// Request is what is sent.
	Request Request

	// Checks are what must hold of the answer, all of them.
	Checks []Check

	// NeedsDemo leaves the case out where functions/demo does not answer.
	// Default: false
	NeedsDemo bool

	// ToFunctionURL sends the request to the function URL itself. The case is
	// left out if its address is not known.
	// Default: false, which is to the distribution
	ToFunctionURL bool

	// Informational says why no outcome is wrong. Whatever comes is reported.
	// Default: empty, which is that Checks decide
	Informational string
}

// ID returns the name of the case with that of its group before it.
func (c Case) ID() string {
	return c.Group + "/" + c.Name
}

// Expected returns the words for what must hold of the answer.
func (c Case) Expected() string {
	words := make([]string, len(c.Checks))
	for i, check := range c.Checks {
		words[i] = check.Expected
	}
	return strings.Join(words, ", ")
}

// Select returns the cases whose ID matches a regular expression, whatever
// their case. The error says what is wrong with the pattern, or that nothing
// matches it.
func Select(cases []Case, pattern string) ([]Case, error) {
	expression, err := regexp.Compile("(?i)" + pattern)
	if err != nil {
		return nil, fmt.Errorf("%q is not a regular expression: %w", pattern, err)
	}
	var selected []Case
	for _, c := range cases {
		if expression.MatchString(c.ID()) {
			selected = append(selected, c)
		}
	}
	if len(selected) == 0 {
		return nil, fmt.Errorf("no case matches %q: cases are named as in %q", pattern, cases[0].ID())
	}
	return selected, nil
}

// A Request is what a case sends, byte for byte, besides Host, User-Agent,
// Accept and Content-Length, which are added.
type Request struct {
	// Method is the method, in upper case.
	Method string

	// Target is the path and the query, as they stand in the request line.
	Target string

	// Header holds the fields in their order, repeated ones included.
	Header []Field

	// Body is the body. A nil Body sends no Content-Length at all, as curl -X
	// POST does; an empty one sends Content-Length: 0.
	Body []byte
}

// A Field is one field of a header.
type Field struct {
	Name, Value string
}

// contentType returns the value of Content-Type, empty without one.
func (r Request) contentType() string {
	for _, field := range r.Header {
		if strings.EqualFold(field.Name, "Content-Type") {
			return field.Value
		}
	}
	return ""
}

// String returns the request in one line, its body as a count of bytes.
func (r Request) String() string {
	var b strings.Builder
	b.WriteString(r.Method + " " + excerpt(r.Target, 120))
	for _, field := range r.Header {
		b.WriteString(", " + field.Name + ": " + field.Value)
	}
	if r.Body != nil {
		fmt.Fprintf(&b, ", %d B of body", len(r.Body))
	}
	return b.String()
}
