package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"sync"
	"time"
)

// maxQueued is how much output may wait for its reader, in bytes. A terminal that
// scrolls back, or a pager, reads nothing for as long as it likes.
const maxQueued = 4 << 20

// flushPatience is how long an interrupted command waits for the next line to be
// read, and hurriedPatience after a second Ctrl-C.
const (
	flushPatience   = time.Second
	hurriedPatience = 100 * time.Millisecond
)

// A queue writes output in its order without making anyone wait for its reader. If
// too much is waiting, lines of the log are dropped, and their number is told. What
// is queued when the program crashes is lost.
type queue struct {
	progress chan struct{} // has room for one signal: a line was written

	mu      sync.Mutex
	writing bool
	lines   []queuedLine
	size    int // of all lines that aren't written yet
	dropped int
	notice  func(dropped int) queuedLine
}

type queuedLine struct {
	to   io.Writer
	text []byte
}

func newQueue() *queue {
	return &queue{
		progress: make(chan struct{}, 1),
		notice: func(dropped int) queuedLine {
			return queuedLine{os.Stderr, fmt.Appendf(nil, "%d lines are missing here\n", dropped)}
		},
	}
}

// write writes until there is nothing left.
func (q *queue) write() {
	for {
		q.mu.Lock()
		lines := q.lines
		q.lines, q.writing = nil, len(lines) > 0
		q.mu.Unlock()
		if len(lines) == 0 {
			return
		}
		for _, line := range lines {
			line.to.Write(line.text)
			q.wrote(line)
		}
	}
}

// wrote makes room. The queue has to be half empty again before lines aren't
// dropped any more, or a slow reader would get more notices than lines.
func (q *queue) wrote(line queuedLine) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.size -= len(line.text)
	if q.dropped > 0 && q.size <= maxQueued/2 {
		q.add(q.notice(q.dropped))
		q.dropped = 0
	}
	select {
	case q.progress <- struct{}{}:
	default:
	}
}

// add appends a line; the caller holds q.mu.
func (q *queue) add(line queuedLine) {
	q.lines = append(q.lines, line)
	q.size += len(line.text)
	if !q.writing {
		q.writing = true
		go q.write()
	}
}

// flush returns when everything is written. Once ctx has ended, it waits for
// patience at most until the next line is.
func (q *queue) flush(ctx context.Context, patience time.Duration) {
	for {
		q.mu.Lock()
		empty := q.size == 0
		q.mu.Unlock()
		if empty {
			return
		}
		var impatient <-chan time.Time
		interrupted := ctx.Done()
		if ctx.Err() != nil {
			impatient, interrupted = time.After(patience), nil
		}
		select {
		case <-q.progress:
		case <-interrupted:
		case <-impatient:
			return
		}
	}
}

// A queued is a file that is written through a queue.
type queued struct {
	queue *queue
	file  io.Writer
	isLog bool // what is too much is dropped
}

// Write queues a line.
func (w *queued) Write(p []byte) (int, error) {
	w.queue.mu.Lock()
	defer w.queue.mu.Unlock()
	if w.isLog && (w.queue.dropped > 0 || w.queue.size >= maxQueued) {
		w.queue.dropped++
		return len(p), nil
	}
	w.queue.add(queuedLine{w.file, slices.Clone(p)})
	return len(p), nil
}

// tellDropped sets the line that tells how many were dropped.
func (w *queued) tellDropped(text func(dropped int) []byte) {
	w.queue.mu.Lock()
	defer w.queue.mu.Unlock()
	w.queue.notice = func(dropped int) queuedLine { return queuedLine{w.file, text(dropped)} }
}
