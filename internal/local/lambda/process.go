package lambda

import (
	"os"
	"os/exec"
	"strconv"
	"sync"
	"syscall"
	"time"

	"github.com/cloudfurl/cloudfurl/internal/local/guard"
)

// outputGrace bounds how long the output of an ended process is read, because a
// descendant that left its process group may hold the pipe open.
const outputGrace = time.Second

// A process is a child in its own group, with stdout and stderr in one pipe, so that
// lines keep their order.
type process struct {
	group   *guard.Group
	release func() // of the guard
	output  *os.File
	drained chan struct{} // closed when its last line has been read
	exited  chan struct{} // closed when it has ended

	mu     sync.Mutex
	reaped bool
}

// A command says what a process runs.
type command struct {
	program   string
	args      []string
	dir       string
	variables []string // all that it gets
}

// startProcess starts a command, and hands every line of its output to line.
func startProcess(c command, line func(string)) (*process, error) {
	reader, writer, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer writer.Close()
	cmd := exec.Command(c.program, c.args...)
	cmd.Dir, cmd.Env = c.dir, c.variables
	cmd.Stdout, cmd.Stderr = writer, writer
	group := guard.NewGroup(cmd)
	if err := group.Start(); err != nil {
		reader.Close()
		return nil, err
	}
	p := &process{group: group, release: guard.While("group", strconv.Itoa(cmd.Process.Pid)), output: reader, drained: make(chan struct{}), exited: make(chan struct{})}
	go func() {
		defer close(p.drained)
		readLines(reader, line)
	}()
	return p, nil
}

const (
	// outputPause is how long the end of a request waits for what the process wrote before
	// it, and outputStep how often it looks.
	outputPause = 5 * time.Millisecond
	outputStep  = 200 * time.Microsecond
)

// settle waits until what the process has written is read: its pipe is slower than the
// connection that has the end of the response.
func (p *process) settle() {
	for waited := time.Duration(0); waited < outputPause && unread(p.output); waited += outputStep {
		time.Sleep(outputStep)
	}
}

// wait returns how the process ended, after it has killed the rest of the
// process group and the last line has been read.
func (p *process) wait() *os.ProcessState {
	p.group.Wait()
	p.mu.Lock()
	p.reaped = true
	// The group outlives its leader if the leader started others.
	p.group.End()
	p.mu.Unlock()
	p.release()
	close(p.exited)
	p.output.SetReadDeadline(time.Now().Add(outputGrace))
	<-p.drained
	p.output.Close()
	return p.group.ProcessState
}

// kill ends the whole process group at once.
func (p *process) kill() { p.signal(syscall.SIGKILL) }

// terminate asks the process group to end.
func (p *process) terminate() { p.signal(syscall.SIGTERM) }

func (p *process) signal(signal syscall.Signal) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.reaped {
		p.group.Signal(signal)
	}
}

// exitReason words the end of a runtime as Lambda does.
//
// Seen: "Runtime exited with error: exit status 1", "Runtime exited with error:
// signal: killed", and for status 0 "Runtime exited without providing a reason".
func exitReason(state *os.ProcessState) string {
	if state == nil || state.Success() {
		return "Runtime exited without providing a reason"
	}
	return "Runtime exited with error: " + state.String()
}
