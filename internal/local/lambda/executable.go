package lambda

import (
	"bufio"
	"bytes"
	"debug/elf"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"

	"github.com/cloudfurl/cloudfurl/internal/fault"
)

// errNoFormat is a file that the system doesn't execute, though a shell may.
var errNoFormat = errors.New("no executable format")

// checkExecutable rejects early what would only fail to start.
func checkExecutable(path string) error {
	info, err := os.Stat(path)
	if err != nil {
		return fault.New("synthesize again", "%s can't be read: %w", path, err)
	}
	if info.Mode()&0o111 == 0 {
		return fault.New("run chmod +x on it before it is packed", "%s has mode %v and can't be executed", path, info.Mode().Perm())
	}
	file, err := os.Open(path)
	if err != nil {
		return fault.New("make it readable", "%s can't be read: %w", path, err)
	}
	defer file.Close()
	head := make([]byte, 4)
	n, _ := io.ReadFull(file, head)
	head = head[:n]
	switch {
	case bytes.HasPrefix(head, []byte("#!")):
		return checkScript(path, file)
	case isMachO(head) && runtime.GOOS == "darwin":
		return nil
	case !bytes.Equal(head, []byte(elf.ELFMAG)):
		return &fault.Error{
			Problem: fmt.Sprintf("%s is neither a program for this machine (%s/%s) nor a script that starts with #!", path, runtime.GOOS, runtime.GOARCH),
			Hint:    "build it again, or begin it with #! and its interpreter", Err: errNoFormat,
		}
	}
	return checkELF(path, file)
}

// checkScript checks that the interpreter in the first line of a script exists.
func checkScript(path string, file io.ReadSeeker) error {
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return err
	}
	line, _ := bufio.NewReader(io.LimitReader(file, 512)).ReadString('\n')
	line = strings.TrimSuffix(line, "\n")
	if strings.HasSuffix(line, "\r") {
		return fault.New("save it with line ends of Unix, LF", "the lines of %s end with a carriage return, which becomes part of its interpreter's name", path)
	}
	words := strings.Fields(strings.TrimPrefix(line, "#!"))
	switch {
	case len(words) == 0:
		return fault.New("write #!/bin/sh", "the first line of %s, %q, names no interpreter", path, line)
	case strings.HasPrefix(words[0], optDir+"/"), strings.HasPrefix(words[0], "/var/"):
		return nil // a part of the function
	case !isFile(words[0]):
		return fault.New("install it, or write #!/bin/sh", "%s needs %s, which isn't on this machine", path, words[0])
	}
	return nil
}

func checkELF(path string, file io.ReaderAt) error {
	program, err := elf.NewFile(file)
	if err != nil {
		return fault.New("build it again", "%s is a damaged program: %w", path, err)
	}
	if runtime.GOOS != "linux" {
		return fault.New(fmt.Sprintf("build it with GOOS=%s (with GoHandler: -c cloudfurl:goos=%s)", runtime.GOOS, runtime.GOOS),
			"%s is a program for Linux, and this machine runs %s", path, runtime.GOOS)
	}
	if want, known := elfMachines[runtime.GOARCH]; known && program.Machine != want {
		name := lambdaArchitectures[runtime.GOARCH]
		return fault.New(fmt.Sprintf("give the function the architecture %s (with GoHandler: -c cloudfurl:goarch=%s)", name, runtime.GOARCH),
			"%s is built for %v, and this machine is %v", path, program.Machine, want)
	}
	return nil
}

// elfMachines are the machines of Lambda's two architectures.
//
// See: https://docs.aws.amazon.com/lambda/latest/dg/foundation-arch.html
var elfMachines = map[string]elf.Machine{
	"amd64": elf.EM_X86_64,
	"arm64": elf.EM_AARCH64,
}

// lambdaArchitectures are Lambda's names of its architectures.
//
// See: https://docs.aws.amazon.com/lambda/latest/dg/foundation-arch.html
var lambdaArchitectures = map[string]string{"amd64": "x86_64", "arm64": "arm64"}

// isMachO reports whether head opens a 64-bit or universal Mach-O file.
//
// See: https://pkg.go.dev/debug/macho#pkg-constants
func isMachO(head []byte) bool {
	return bytes.Equal(head, []byte{0xcf, 0xfa, 0xed, 0xfe}) || bytes.Equal(head, []byte{0xca, 0xfe, 0xba, 0xbe})
}
