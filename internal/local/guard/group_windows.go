package guard

import (
	"os/exec"
	"slices"
	"strings"
	"sync"
	"syscall"
	"unsafe"

	"golang.org/x/sys/windows"
)

// TempVariable names the directory of temporary files.
const TempVariable = "TMP"

// shell is how the CDK CLI and npm run command lines, too.
//
// See: https://nodejs.org/api/child_process.html#shell-requirements
var shell = []string{"cmd.exe", "/d", "/s", "/c"}

// Shell returns the words that run a command line.
func Shell(line string) []string { return append(slices.Clip(shell), `"`+line+`"`) }

// A Group is a command with its descendants, in a job object and a process group of its
// own. Left out: what the command starts before it is in the job, in its first moments;
// that ends with this program.
type Group struct {
	*exec.Cmd

	job windows.Handle
}

// NewGroup returns the group of a command that hasn't started.
func NewGroup(cmd *exec.Cmd) *Group {
	// Ctrl-C is for this program, which ends the others when their requests have ended.
	cmd.SysProcAttr = &syscall.SysProcAttr{CreationFlags: windows.CREATE_NEW_PROCESS_GROUP}
	if len(cmd.Args) > len(shell) && slices.Equal(cmd.Args[:len(shell)], shell) {
		// Unlike other programs, cmd.exe takes the rest as it is.
		cmd.SysProcAttr.CmdLine = strings.Join(cmd.Args, " ")
	}
	return &Group{Cmd: cmd}
}

// Start starts the command.
func (g *Group) Start() (err error) {
	if err := joinJob(); err != nil {
		return err
	}
	if g.job, err = newJob(); err != nil {
		return err
	}
	if err = g.Cmd.Start(); err == nil {
		// It fails if the command has ended.
		_ = g.Process.WithHandle(func(process uintptr) { _ = windows.AssignProcessToJobObject(g.job, windows.Handle(process)) })
		return nil
	}
	g.End()
	return err
}

// Signal ends the group for SIGKILL. Others are a Ctrl-Break, on which most programs end;
// where there is no console to send it, they end the group too.
//
// See: https://learn.microsoft.com/en-us/windows/console/generateconsolectrlevent
func (g *Group) Signal(signal syscall.Signal) error {
	if signal != syscall.SIGKILL && windows.GenerateConsoleCtrlEvent(windows.CTRL_BREAK_EVENT, uint32(g.Process.Pid)) == nil {
		return nil
	}
	return windows.TerminateJobObject(g.job, 1)
}

// End ends what the command left behind when it ended.
func (g *Group) End() { windows.CloseHandle(g.job) }

// joinJob puts this program into a job, where its descendants are born: they end when it
// does, however that is.
var joinJob = sync.OnceValue(func() error {
	job, err := newJob()
	if err == nil {
		err = windows.AssignProcessToJobObject(job, windows.CurrentProcess())
	}
	return err
})

// newJob returns a job whose processes end when its last handle is closed.
//
// See: https://learn.microsoft.com/en-us/windows/win32/procthread/job-objects
func newJob() (windows.Handle, error) {
	job, err := windows.CreateJobObject(nil, nil)
	if err != nil {
		return 0, err
	}
	var limits windows.JOBOBJECT_EXTENDED_LIMIT_INFORMATION
	limits.BasicLimitInformation.LimitFlags = windows.JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE
	_, err = windows.SetInformationJobObject(job, windows.JobObjectExtendedLimitInformation, uintptr(unsafe.Pointer(&limits)), uint32(unsafe.Sizeof(limits)))
	return job, err
}
