package main

import (
	"context"
	"io"
	"slices"
	"sync"
	"time"
)

// maxQueued is how much output may wait for its reader, in bytes. A terminal that
// scrolls back, or a pager, reads nothing for as long as it likes.
const maxQueued = 4 << 20

// flushPatience is how long an interrupted command waits for the next line to be
// read, and hurriedPatience after a second Ctrl-C. It looks every flushStep.
const (
	flushPatience   = time.Second
	hurriedPatience = 100 * time.Millisecond
	flushStep       = 5 * time.Millisecond
)

// A queue writes output in its order without making anyone wait for its reader. If
// too much is waiting, lines of the log are dropped, and their number is told. What
// is queued when the program crashes is lost.
type queue struct {
	mu      sync.Mutex
	writing bool
	lines   []queuedLine
	size    int // of all lines that aren't written yet
	dropped int

	tellDropped func(dropped int) // set before there is a log
}

type queuedLine struct {
	to   io.Writer
	text []byte
}

func newQueue() *queue {
	return &queue{tellDropped: func(int) {}}
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
	q.size -= len(line.text)
	dropped := q.dropped
	if q.size > maxQueued/2 {
		dropped = 0
	}
	q.dropped -= dropped
	q.mu.Unlock()
	if dropped > 0 {
		q.tellDropped(dropped)
	}
}

// flush returns when everything is written. Once ctx has ended, it waits for
// patience at most until the next line is.
func (q *queue) flush(ctx context.Context, patience time.Duration) {
	left, since := 0, time.Now()
	for {
		q.mu.Lock()
		size := q.size
		q.mu.Unlock()
		switch {
		case size == 0:
			return
		case size != left || ctx.Err() == nil:
			left, since = size, time.Now()
		case time.Since(since) >= patience:
			return
		}
		time.Sleep(flushStep)
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
	q := w.queue
	q.mu.Lock()
	defer q.mu.Unlock()
	if w.isLog && (q.dropped > 0 || q.size >= maxQueued) {
		q.dropped++
		return len(p), nil
	}
	q.lines = append(q.lines, queuedLine{w.file, slices.Clone(p)})
	q.size += len(p)
	if !q.writing {
		q.writing = true
		go q.write()
	}
	return len(p), nil
}
