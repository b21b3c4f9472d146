//go:build unix

package main

import (
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

func TestLocal_ends_with_its_terminal(t *testing.T) {
	for _, signal := range []syscall.Signal{syscall.SIGHUP, syscall.SIGINT, syscall.SIGTERM} {
		t.Run(signal.String(), func(t *testing.T) {
			p := startProcess(t, "local", "--assembly", "testdata/assembly", "--listen", "127.0.0.1:0")
			address := p.waitFor(t, &p.stdout, `http://127\.0\.0\.1:\d+/`)
			if response, err := http.Get(address); err != nil {
				t.Error(err)
			} else {
				response.Body.Close()
			}
			p.Process.Signal(signal)
			p.ends(t, 0)
		})
	}
}

func TestLocal_ends_at_once_with_a_second_signal(t *testing.T) {
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS("testdata/assembly")); err != nil {
		t.Fatal(err)
	}
	writeFile(t, filepath.Join(dir, "Open.template.json"), template(t, "console.log('asked'); await new Promise(done => setTimeout(done, 60000)); ", "late"))
	p := startProcess(t, "local", "--assembly", dir, "--listen", "127.0.0.1:0")
	address := p.waitFor(t, &p.stdout, `http://127\.0\.0\.1:\d+/`)
	asked := make(chan struct{})
	go func() {
		defer close(asked)
		if response, err := http.Get(address); err == nil {
			response.Body.Close()
		}
	}()
	p.waitFor(t, &p.stderr, "asked")
	p.Process.Signal(os.Interrupt)
	time.Sleep(100 * time.Millisecond)
	select {
	case <-p.exited:
		t.Fatal("the process didn't wait for a request in progress")
	default:
	}
	p.Process.Signal(os.Interrupt)
	p.ends(t, exitInterrupted) // without the second signal it would be 0, after the grace
	<-asked
}

// A FIFO would make the command wait for ever. Served as it is, such an assembly
// ends the command; watched, it is a version that can't be served.
func TestLocal_rejects_an_assembly_with_a_FIFO(t *testing.T) {
	for name, exitCode := range map[string]int{"local": 1, "watched": 0} {
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "cdk.out")
			if err := os.CopyFS(dir, os.DirFS("testdata/assembly")); err != nil {
				t.Fatal(err)
			}
			path := filepath.Join(dir, "Open.template.json")
			if err := os.Remove(path); err != nil {
				t.Fatal(err)
			}
			if err := syscall.Mkfifo(path, 0o600); err != nil {
				t.Fatal(err)
			}
			args := []string{"local", "--assembly", dir}
			if name == "watched" {
				args = []string{"local", "--watch", "--app", "mkdir $CDK_OUTDIR && mv " + dir + "/* $CDK_OUTDIR", "--listen", "127.0.0.1:0"}
			}
			p := startProcess(t, args...)
			p.waitFor(t, &p.stderr, "it isn't a regular file")
			if name == "watched" {
				p.Process.Signal(os.Interrupt)
			}
			p.ends(t, exitCode)
		})
	}
}

// A viewer who leaves in the middle of a response can raise SIGPIPE.
func TestLocal_goes_on_when_viewers_leave(t *testing.T) {
	p := startProcess(t, "local", "--assembly", "testdata/assembly", "--listen", "127.0.0.1:0")
	address := p.waitFor(t, &p.stdout, `http://127\.0\.0\.1:\d+/`)
	p.waitFor(t, &p.stdout, "Ctrl-C")
	for range 3 {
		p.Process.Signal(syscall.SIGPIPE)
		time.Sleep(50 * time.Millisecond) // for it to arrive
		response, err := http.Get(address)
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
	}
	p.Process.Signal(os.Interrupt)
	p.ends(t, 0)
}

// A pipeline such as "cloudfurl local | tee log" leaves a closed output behind.
func TestLocal_ends_when_nobody_reads_its_output(t *testing.T) {
	temp := t.TempDir()
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	command := exec.Command(os.Args[0], "local", "--assembly", "testdata/assembly", "--listen", "127.0.0.1:0")
	command.Env = append(os.Environ(), asCommand+"=1", "TMPDIR="+temp)
	command.Stdout = write
	read.Close()
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	write.Close()
	kill := time.AfterFunc(patience, func() { command.Process.Kill() })
	defer kill.Stop()
	command.Wait()
	if status := command.ProcessState.Sys().(syscall.WaitStatus); status.Signal() != syscall.SIGPIPE {
		t.Errorf("got %v, want the end by SIGPIPE", command.ProcessState)
	}
	for begin := time.Now(); len(dirs(t, temp)) > 0; time.Sleep(10 * time.Millisecond) {
		if time.Since(begin) > patience {
			t.Fatalf("%v was left behind", dirs(t, temp))
		}
	}
}
