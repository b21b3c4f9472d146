package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"
)

// A stopped is a reader that takes nothing until it is told to.
type stopped struct {
	output

	gate chan struct{}
}

func (s *stopped) Write(p []byte) (int, error) {
	<-s.gate
	return s.output.Write(p)
}

func TestQueue_keeps_all_lines_in_their_order(t *testing.T) {
	q := newQueue()
	var both output
	stdout, stderr := &queued{q, &both, false}, &queued{q, &both, true}
	const writers, lines = 8, 2000
	var group sync.WaitGroup
	for writer := range writers {
		group.Go(func() {
			line := []byte{} // one buffer for all, as handlers of slog have it
			for i := range lines {
				line = fmt.Appendf(line[:0], "%d %d\n", writer, i)
				if i%2 == 0 {
					stdout.Write(line)
				} else {
					stderr.Write(line)
				}
			}
		})
	}
	group.Wait()
	q.flush(t.Context(), 0)
	var next [writers]int
	for line := range strings.Lines(both.String()) {
		var writer, i int
		if _, err := fmt.Sscanf(line, "%d %d\n", &writer, &i); err != nil || next[writer] != i {
			t.Fatalf("got %q, want line %d", line, next[writer])
		}
		next[writer]++
	}
	if next != [writers]int{lines, lines, lines, lines, lines, lines, lines, lines} {
		t.Errorf("got %v lines, want %d each", next, lines)
	}
}

func TestQueue_drops_lines_of_the_log_that_nobody_reads(t *testing.T) {
	for _, asJSON := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			file := &stopped{gate: make(chan struct{})}
			q := newQueue()
			log := &queued{q, file, true}
			newLogHandler(log, asJSON)
			const lines = 3 * maxQueued / 1000
			for i := range lines {
				if i == lines-1 { // Room for one line doesn't count: the notice comes first.
					file.gate <- struct{}{}
					synctest.Wait()
				}
				fmt.Fprintf(log, "line %d %s\n", i, strings.Repeat("x", 1000))
			}
			fmt.Fprintln(&queued{q, file, false}, "no line of the log") // is never dropped
			if q.size > maxQueued+2000 {
				t.Errorf("%d bytes are waiting", q.size)
			}
			close(file.gate)
			q.flush(t.Context(), 0)
			fmt.Fprintln(log, "the next line")
			q.flush(t.Context(), 0)

			text := strings.Replace(file.String(), "\n"+strings.Repeat(" ", 24)+"cause", "", 1) // in a line of its own
			all := strings.Split(strings.TrimSpace(text), "\n")
			notice := all[len(all)-2]
			if all[len(all)-3] != "no line of the log" || all[len(all)-1] != "the next line" {
				t.Errorf("the log ends with %q", all[len(all)-3:])
			}
			found := regexp.MustCompile(`(\d+) lines are missing before this one.*the reader of this log`).FindStringSubmatch(notice)
			if found == nil || strings.Contains(notice, `"msg"`) != asJSON {
				t.Fatalf("got %q, want how many lines are missing", notice)
			}
			kept := len(all) - 3
			for i, line := range all[:kept] {
				if !strings.HasPrefix(line, fmt.Sprintf("line %d ", i)) {
					t.Fatalf("line %d is %.20q", i, line)
				}
			}
			if dropped, _ := strconv.Atoi(found[1]); kept+dropped != lines || kept < lines/4 {
				t.Errorf("%d lines were kept and %d dropped of %d", kept, dropped, lines)
			}
		})
	}
}

func TestQueue_waits_for_its_reader_until_it_is_interrupted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		file := &stopped{gate: make(chan struct{})}
		q := newQueue()
		for i := range 3 {
			fmt.Fprintln(&queued{q, file, true}, i)
		}
		ctx, interrupt := context.WithCancel(t.Context())
		begin := time.Now()
		time.AfterFunc(time.Hour, interrupt)
		time.AfterFunc(time.Hour+flushPatience/2, func() { file.gate <- struct{}{} }) // one line is read
		q.flush(ctx, flushPatience)
		if took := time.Since(begin); took < time.Hour+flushPatience*3/2 || took > time.Hour+flushPatience*3/2+2*flushStep {
			t.Errorf("gave up after %v, want %v after the last line", took, flushPatience)
		}
		close(file.gate)
		q.flush(ctx, flushPatience)
		if file.String() != "0\n1\n2\n" {
			t.Errorf("got %q", file.String())
		}
	})
}

// The reader is behind when the command is interrupted.
func TestLocal_writes_its_whole_log_before_it_ends(t *testing.T) {
	const requests, lines = 4, 40
	p, log := startUnread(t, fmt.Sprintf("for (let i = 0; i < %d; i++) require('fs').writeSync(1, 'y'.repeat(20000) + String.fromCharCode(10)); ", lines))
	address := p.waitFor(t, &p.stdout, `http://127\.0\.0\.1:\d+/`)
	for i := range requests {
		get(t, fmt.Sprintf("%s%d", address, i))
	}
	p.Process.Signal(os.Interrupt)
	content, err := io.ReadAll(log)
	if err != nil {
		t.Fatal(err)
	}
	p.ends(t, 0)
	if got := strings.Count(string(content), strings.Repeat("y", 20000)+"\n"); got != requests*lines {
		t.Errorf("%d lines of the handler are in the log, want %d", got, requests*lines)
	}
	found := regexp.MustCompile(`200   GET     /(\d+) `).FindAllStringSubmatch(string(content), -1)
	for i, line := range found {
		if line[1] != strconv.Itoa(i) {
			t.Errorf("request %s is in line %d", line[1], i)
		}
	}
	if len(found) != requests {
		t.Errorf("%d requests are in the log, want %d", len(found), requests)
	}
}

// "cloudfurl local 2>&1 | less" reads nothing while somebody looks at the log.
func TestLocal_serves_requests_while_nobody_reads_its_log(t *testing.T) {
	p, _ := startUnread(t, "console.log('y'.repeat(900000)); ")
	address := p.waitFor(t, &p.stdout, `http://127\.0\.0\.1:\d+/`)
	for range 3 * maxQueued / 900_000 {
		get(t, address)
	}
	p.Process.Signal(syscall.SIGTERM)
	p.ends(t, 0)
}

// startUnread runs cloudfurl with a handler that does something first, and returns
// its log, which nobody reads yet.
func startUnread(t *testing.T, before string) (*process, io.Reader) {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS("testdata/assembly")); err != nil {
		t.Fatal(err)
	}
	writeFile(t, filepath.Join(dir, "Open.template.json"), template(t, before, "answered"))
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { read.Close() })
	p := newProcess(t, "local", "--assembly", dir, "--listen", "127.0.0.1:0")
	p.Stderr = write
	p.start(t)
	write.Close()
	return p, read
}

func get(t *testing.T, url string) {
	t.Helper()
	response, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	io.Copy(io.Discard, response.Body)
	if response.StatusCode != http.StatusOK {
		t.Fatalf("got %s", response.Status)
	}
}
