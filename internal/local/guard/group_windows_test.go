package guard

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/windows"
)

// role makes the test's program be a parent, which starts a child by a shell and waits.
const role = "CLOUDFURL_TEST_ROLE"

func TestMain(m *testing.M) {
	switch os.Getenv(role) {
	case "":
		os.Exit(m.Run())
	case "program":
		cmd := exec.Command(os.Args[0])
		cmd.Env, cmd.Stdout = append(os.Environ(), role+"=parent"), os.Stdout
		if err := NewGroup(cmd).Start(); err != nil {
			panic(err)
		}
	case "parent":
		words := Shell(`set ` + role + `=child&& "` + os.Args[0] + `"`)
		cmd := exec.Command(words[0], words[1:]...)
		cmd.Stdout = os.Stdout
		if err := NewGroup(cmd).Start(); err != nil {
			panic(err)
		}
	case "child":
		fmt.Println(os.Getpid())
	}
	time.Sleep(time.Minute)
}

// start starts the program in a role, and returns a handle of the child.
func start(t *testing.T, as string, run func(*exec.Cmd) error) windows.Handle {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), role+"="+as)
	output, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := run(cmd); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Kill(); cmd.Wait() })
	line, err := bufio.NewReader(output).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	pid, err := strconv.Atoi(strings.TrimSpace(line))
	if err != nil {
		t.Fatal(err)
	}
	child, err := windows.OpenProcess(windows.SYNCHRONIZE, false, uint32(pid))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { windows.CloseHandle(child) })
	return child
}

func ended(t *testing.T, process windows.Handle, within time.Duration) bool {
	t.Helper()
	event, err := windows.WaitForSingleObject(process, uint32(within.Milliseconds()))
	if err != nil {
		t.Fatal(err)
	}
	return event == windows.WAIT_OBJECT_0
}

func TestGroup_ends_with_its_descendants(t *testing.T) {
	for name, end := range map[string]func(*Group){
		"by force": func(g *Group) { g.Signal(syscall.SIGKILL) },
		"End":      (*Group).End,
	} {
		t.Run(name, func(t *testing.T) {
			var group *Group
			child := start(t, "parent", func(cmd *exec.Cmd) error {
				group = NewGroup(cmd)
				return group.Start()
			})
			if ended(t, child, 0) {
				t.Fatal("the child doesn't run")
			}
			end(group)
			if !ended(t, child, 20*time.Second) {
				t.Error("the child outlives the group")
			}
		})
	}
}

func TestGroup_ends_with_a_program_that_is_killed(t *testing.T) {
	var program *exec.Cmd
	child := start(t, "program", func(cmd *exec.Cmd) error {
		program = cmd
		return cmd.Start()
	})
	program.Process.Kill()
	if !ended(t, child, 20*time.Second) {
		t.Error("the child outlives the program")
	}
}

func TestShell_runs_a_line_as_it_is(t *testing.T) {
	words := Shell(`echo "a b" & echo c`)
	cmd := exec.Command(words[0], words[1:]...)
	var output strings.Builder
	cmd.Stdout = &output
	group := NewGroup(cmd)
	if err := group.Start(); err != nil {
		t.Fatal(err)
	}
	cmd.Wait()
	if got := output.String(); got != "\"a b\" \r\nc\r\n" {
		t.Errorf("got %q", got)
	}
}
