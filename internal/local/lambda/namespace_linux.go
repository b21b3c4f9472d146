package lambda

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"sync"
	"syscall"
)

// namespaceName is the name under which this program starts itself to mount the
// layers of a function before it becomes a process of the function. Only a program
// can do that between its start and its own mount namespace.
const namespaceName = "cloudfurl-namespace"

// Values that package syscall doesn't have.
//
// See: https://man7.org/linux/man-pages/man2/PR_CAP_AMBIENT.2const.html
// See: https://man7.org/linux/man-pages/man7/capabilities.7.html
const (
	prCapAmbient         = 47
	prCapAmbientClearAll = 4
	capSysAdmin          = 21
)

func init() {
	if len(os.Args) > 1 && os.Args[0] == namespaceName {
		runtime.LockOSThread() // capabilities belong to a thread
		fmt.Fprintln(os.Stderr, enterNamespace(os.Args[1], os.Args[2:]))
		os.Exit(126)
	}
}

// enterNamespace mounts dir at /opt, read-only as on Lambda, and replaces this
// program by another. It returns only if it can't.
func enterNamespace(dir string, command []string) error {
	if err := syscall.Mount("", "/", "", syscall.MS_REC|syscall.MS_PRIVATE, ""); err != nil {
		return fmt.Errorf("can't separate mounts: %w", err)
	}
	if err := syscall.Mount(dir, optDir, "", syscall.MS_BIND|syscall.MS_REC, ""); err != nil {
		return fmt.Errorf("can't mount %s at %s: %w", dir, optDir, err)
	}
	if err := makeReadOnly(optDir); err != nil {
		return fmt.Errorf("can't make %s read-only: %w", optDir, err)
	}
	if _, _, err := syscall.RawSyscall(syscall.SYS_PRCTL, prCapAmbient, prCapAmbientClearAll, 0); err != 0 {
		return fmt.Errorf("can't drop capabilities: %w", err)
	}
	return fmt.Errorf("can't start %s: %w", command[0], syscall.Exec(command[0], command, os.Environ()))
}

// makeReadOnly keeps the other flags of a mount, which a user namespace may not
// take away.
func makeReadOnly(path string) error {
	var stat syscall.Statfs_t
	if err := syscall.Statfs(path, &stat); err != nil {
		return err
	}
	const same = syscall.MS_NOSUID | syscall.MS_NODEV | syscall.MS_NOEXEC | syscall.MS_NOATIME | syscall.MS_NODIRATIME
	flags := uintptr(stat.Flags) & same // these have the values of statfs
	const stRelatime = 0x1000
	if stat.Flags&stRelatime != 0 {
		flags |= syscall.MS_RELATIME
	}
	return syscall.Mount("", path, "", syscall.MS_BIND|syscall.MS_REMOUNT|syscall.MS_RDONLY|flags, "")
}

// inNamespace makes cmd, which no options were set for, see dir at /opt.
func inNamespace(cmd *exec.Cmd, dir string) {
	cmd.Args = append([]string{namespaceName, dir, cmd.Path}, cmd.Args[1:]...)
	cmd.Path = "/proc/self/exe"
	attr := &syscall.SysProcAttr{Setpgid: true, Cloneflags: syscall.CLONE_NEWNS}
	if os.Getuid() != 0 {
		// The process keeps its user and group; it may mount because it keeps this
		// capability over its start.
		attr.Cloneflags |= syscall.CLONE_NEWUSER
		attr.UidMappings = []syscall.SysProcIDMap{{ContainerID: os.Getuid(), HostID: os.Getuid(), Size: 1}}
		attr.GidMappings = []syscall.SysProcIDMap{{ContainerID: os.Getgid(), HostID: os.Getgid(), Size: 1}}
		attr.AmbientCaps = []uintptr{capSysAdmin}
	}
	cmd.SysProcAttr = attr
}

// canMountOpt tries once whether processes can have their own /opt, and returns
// why not.
var canMountOpt = sync.OnceValue(func() error {
	dir, err := os.MkdirTemp("", "cloudfurl-opt-")
	if err != nil {
		return err
	}
	defer os.Remove(dir)
	cmd := exec.Command("/bin/sh", "-c", ":")
	inNamespace(cmd, dir)
	if output, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%w %s", err, output)
	}
	return nil
})
