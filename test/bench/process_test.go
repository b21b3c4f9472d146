package bench

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"
)

// patience is how long a process may take to come up, or to end.
const patience = 20 * time.Second

// address finds where a process says that it listens.
var address = regexp.MustCompile(`http://[^\s"]+`)

// A process is a server in a process of its own.
type process struct {
	// URL is its address, without a slash at the end.
	URL string

	// Ready is how long it took from its start until it said where it listens.
	Ready time.Duration

	cmd *exec.Cmd
	log string
}

// start starts a server that says on its standard output, or on its standard
// error, where it listens. What it says on the other goes to a file, as a
// person would keep a log.
func start(b *testing.B, onStderr bool, env []string, program string, args ...string) *process {
	b.Helper()
	log, err := os.CreateTemp(work, "log")
	if err != nil {
		b.Fatal(err)
	}
	defer log.Close()
	p := &process{cmd: exec.Command(program, args...), log: log.Name()}
	p.cmd.Env = append(os.Environ(), env...)
	reader, writer, err := os.Pipe()
	if err != nil {
		b.Fatal(err)
	}
	p.cmd.Stdout, p.cmd.Stderr = writer, log
	if onStderr {
		p.cmd.Stdout, p.cmd.Stderr = log, writer
	}
	began := time.Now()
	err = p.cmd.Start()
	writer.Close()
	if err != nil {
		b.Fatal(err)
	}
	said := make(chan string, 1)
	go func() {
		defer reader.Close()
		line := readAddress(reader)
		p.Ready = time.Since(began)
		said <- line
		io.Copy(io.Discard, reader)
	}()
	select {
	case url := <-said:
		p.URL = strings.TrimSuffix(url, "/")
	case <-time.After(patience):
	}
	if p.URL == "" {
		p.stop(b)
		b.Fatalf("%s does not say where it listens\n%s", filepath.Base(program), p.lines())
	}
	return p
}

// readAddress returns the first address that is said.
func readAddress(r io.Reader) string {
	for lines := bufio.NewScanner(r); lines.Scan(); {
		if found := address.FindString(lines.Text()); found != "" {
			return found
		}
	}
	return ""
}

// stop ends the process and waits until it has.
func (p *process) stop(b *testing.B) {
	b.Helper()
	timer := time.AfterFunc(patience, func() { p.cmd.Process.Kill() })
	defer timer.Stop()
	p.cmd.Process.Signal(syscall.SIGTERM)
	p.cmd.Wait()
}

// lines returns what the process wrote to its log.
func (p *process) lines() string {
	content, err := os.ReadFile(p.log)
	if err != nil {
		return err.Error()
	}
	return string(content)
}

// startEdge serves an assembly by the command cloudfurl.
func startEdge(b *testing.B, assembly string) *process {
	b.Helper()
	return start(b, false, nil, made(b, command), "local", "--assembly", assembly, "--listen", "127.0.0.1:0")
}

// startHandler runs a handler outside Lambda: the bare process.
func startHandler(b *testing.B, program string) *process {
	b.Helper()
	return start(b, true, []string{"HOST=127.0.0.1", "PORT=0"}, program)
}

// startReverseProxy runs a plain reverse proxy in front of target.
func startReverseProxy(b *testing.B, target *process) *process {
	b.Helper()
	return start(b, true, nil, made(b, reverseProxy), target.URL)
}

// memory returns a figure of the process's memory in MB: VmRSS, what it has, or
// VmHWM, the most that it had since resetPeak.
func (p *process) memory(b *testing.B, figure string) float64 {
	b.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
	if err != nil {
		b.Fatalf("the memory of a process is read from Linux's /proc: %v", err)
	}
	for line := range strings.Lines(string(status)) {
		var kilobytes float64
		if _, err := fmt.Sscanf(line, figure+": %f kB", &kilobytes); err == nil {
			return kilobytes / 1024
		}
	}
	b.Fatalf("got no %s in %s", figure, status)
	return 0
}

// resetPeak makes VmHWM begin anew.
//
// See: https://man7.org/linux/man-pages/man5/proc_pid_clear_refs.5.html
func (p *process) resetPeak(b *testing.B) {
	b.Helper()
	if err := os.WriteFile(fmt.Sprintf("/proc/%d/clear_refs", p.cmd.Process.Pid), []byte("5"), 0); err != nil {
		b.Fatal(err)
	}
}
