package smoke

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"time"

	"github.com/cloudfurl/cloudfurl/internal/fault"
)

// A Case is one row of the matrix.
type Case struct {
	// Group is the heading of the case in the report.
	Group string

	// Name is what the case tests. It is unique in its group.
	Name string

	// Why says what breaks for users when the case fails.
	Why string

	// Request is the request.
	Request Request

	// Checks are what must be true of the response.
	Checks []Check

	// AnyOrigin runs the case whatever the origin is.
	// Default: false, it is skipped if the origin isn't functions/demo
	AnyOrigin bool

	// ToFunctionURL sends the request to the function URL itself. The case is
	// skipped if the function URL's address isn't known.
	// Default: false, the request is sent to the distribution
	ToFunctionURL bool

	// Informational says why every response is acceptable: AWS may respond in more
	// than one way, or the expectation is only inferred. The case never fails.
	// Default: empty, Checks decide
	Informational string

	// Takes is how long a response may take that nothing cuts. The case is skipped
	// if Options.Timeout is shorter.
	// Default: 0, it is always run
	Takes time.Duration
}

// newCase returns a case that needs the demo.
func newCase(name, why string, request Request, checks ...Check) Case {
	return Case{Name: name, Why: why, Request: request, Checks: checks}
}

// informational returns a case that never fails, with a note that says why.
func (c Case) informational(note string) Case {
	c.Informational = note
	return c
}

// ID returns the group and the name of the case, separated by a slash.
func (c Case) ID() string {
	return c.Group + "/" + c.Name
}

// Expected describes the expected response.
func (c Case) Expected() string {
	expected := make([]string, len(c.Checks))
	for i, check := range c.Checks {
		expected[i] = check.Expected
	}
	return strings.Join(expected, ", ")
}

// Select returns the cases whose ID matches a regular expression, ignoring case.
// It returns a *fault.Error if the pattern is invalid or matches no case.
func Select(cases []Case, pattern string) ([]Case, error) {
	if _, err := regexp.Compile(pattern); err != nil {
		return nil, fault.New("use a regular expression in Go's syntax", "invalid pattern: %w", err)
	}
	expression := regexp.MustCompile("(?i)" + pattern)
	var selected []Case
	for _, c := range cases {
		if expression.MatchString(c.ID()) {
			selected = append(selected, c)
		}
	}
	if len(selected) == 0 {
		return nil, fault.New(fmt.Sprintf("match group/name, for example %q", cases[0].ID()), "no case matches %q", pattern)
	}
	return selected, nil
}

// A Request is what a case sends, byte for byte. Host, User-Agent, Accept and
// Content-Length are added.
type Request struct {
	// Method is the method, in upper case.
	Method string

	// Target is the path and query, as in the request line.
	Target string

	// Header holds the header fields in order. Names may repeat.
	Header []Field

	// Body is the body. With a nil Body no Content-Length is sent, as by curl -X
	// POST; with an empty one it is 0.
	Body []byte

	// Chunked sends the body as one chunk, without Content-Length.
	Chunked bool
}

// A Field is one header field.
type Field struct {
	Name, Value string
}

func get(target string, header ...Field) Request {
	return Request{Method: "GET", Target: target, Header: header}
}

// withBody returns a request with a body, nil for none, of a type.
func withBody(method, target, contentType string, body []byte) Request {
	return Request{Method: method, Target: target, Header: []Field{{"Content-Type", contentType}}, Body: body}
}

// below returns the request for a demo that is served below the path of target.
func (r Request) below(target *url.URL) Request {
	r.Target = strings.TrimSuffix(target.EscapedPath(), "/") + r.Target
	return r
}

// String returns the request in one line, with the body's size for the body.
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
