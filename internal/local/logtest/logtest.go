// Package logtest lets tests read what was logged.
package logtest

import (
	"bytes"
	"log/slog"
	"strings"
	"sync"
	"testing"
)

// A Log holds what was logged. It may be read while it is written to.
type Log struct {
	mu     sync.Mutex
	buffer bytes.Buffer
}

// New returns a logger and the log that it writes, in slog's text format.
func New() (*slog.Logger, *Log) {
	written := new(Log)
	return slog.New(slog.NewTextHandler(written, nil)), written
}

// Write adds to the log.
func (l *Log) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buffer.Write(p)
}

// String returns all lines.
func (l *Log) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buffer.String()
}

// Want fails the test unless one line has all of the words.
func (l *Log) Want(t *testing.T, words ...string) {
	t.Helper()
	for line := range strings.Lines(l.String()) {
		has := true
		for _, word := range words {
			has = has && strings.Contains(line, word)
		}
		if has {
			return
		}
	}
	t.Errorf("no line of the log has all of %q:\n%s", words, l)
}
