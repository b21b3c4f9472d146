package trace

import (
	"log/slog"
	"time"
)

// A Summary is what a list shows of a trace.
type Summary struct {
	ID          int64     `json:"id"`
	Begin       time.Time `json:"begin"`
	Method      string    `json:"method"`
	Host        string    `json:"host"`
	Target      string    `json:"target"`
	Part        string    `json:"part"`   // construct path of what serves it
	Status      int       `json:"status"` // 0: none yet
	Done        bool      `json:"done"`
	FirstByteMs float64   `json:"firstByteMs"`
	TotalMs     float64   `json:"totalMs"`
	Bytes       int64     `json:"bytes"`                 // of the response's body
	End         string    `json:"end,omitempty"`         // how it ended early
	Environment string    `json:"environment,omitempty"` // that ran the handler
	Start       string    `json:"start,omitempty"`       // cold or warm
	Failed      string    `json:"failed,omitempty"`      // the stage that ended it

	// Cause is why the viewer didn't get the handler's response, and CacheKey the key
	// under which AWS caches the response, for the line in the log.
	Cause    string     `json:"-"`
	Hint     string     `json:"-"` // what to do about it
	Level    slog.Level `json:"-"` // a warning if AWS rejects it, an error if it fails
	CacheKey string     `json:"-"`
}

// A View is all that a trace shows.
type View struct {
	Summary
	Request       Message  `json:"request"`
	Response      Message  `json:"response"`
	Failure       *Failure `json:"failure,omitempty"`
	Stages        []*Stage `json:"stages"`
	Chunks        []Chunk  `json:"chunks"`
	ChunksDropped int      `json:"chunksDropped"`
	Logs          []Line   `json:"logs"`
}

// A Message is a request or a response. Its Body is the beginning of what was sent.
type Message struct {
	Headers    [][2]string `json:"headers"`
	Body       string      `json:"body"`
	BodyBase64 bool        `json:"bodyBase64"`
	BodyBytes  int64       `json:"bodyBytes"`

	start []byte
}

// A Failure is why the viewer didn't get the handler's response.
type Failure struct {
	Stage     int    `json:"stage"` // its index
	Cause     string `json:"cause"`
	Hint      string `json:"hint"`
	Statement error  `json:"statement,omitempty"` // that the policy lacks
}

// A Stage is one step of a request. Its methods do nothing on nil.
type Stage struct {
	Name       string      `json:"name"`
	Part       string      `json:"part"` // construct path
	Property   string      `json:"property"`
	Way        string      `json:"way"` // in or out
	BeginMs    float64     `json:"beginMs"`
	DurationMs float64     `json:"durationMs"`
	Outcome    string      `json:"outcome"` // empty while it is open
	Facts      [][2]string `json:"facts"`
	Changes    []Change    `json:"changes"`

	trace *Trace
}

// A Change is one difference that a stage made.
type Change struct {
	What   string `json:"what"` // header, method, host, path, query, status or body
	Name   string `json:"name"` // of the header
	Kind   string `json:"kind"` // added, removed or replaced
	Before string `json:"before"`
	After  string `json:"after"`

	// Meaning says of which construct a made-up id is that has come, such as "the ARN
	// of App/Chat/Distribution".
	Meaning string `json:"meaning,omitempty"`
}

// A Chunk is what was sent to the viewer at once.
type Chunk struct {
	Ms    float64 `json:"ms"`
	Bytes int64   `json:"bytes"`
}

// A Line is one that the handler wrote.
type Line struct {
	Ms    float64 `json:"ms"`
	Level string  `json:"level"`
	Text  string  `json:"text"`
}
