package lambda

import (
	"bufio"
	"debug/elf"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"

	"github.com/cloudfurl/cloudfurl/internal/fault"
)

// checkExecutable rejects early what would only fail to start. Elsewhere than on
// Linux, the system judges what is neither a script nor a program for Linux.
func checkExecutable(path string) error {
	file, err := os.Open(path)
	if err != nil {
		return fault.New("make it readable, or synthesize again", "%s can't be read: %w", path, err)
	}
	defer file.Close()
	if info, err := file.Stat(); err == nil && info.Mode()&0o111 == 0 {
		return fault.New("run chmod +x on it before it is packed", "%s has mode %v and can't be executed", path, info.Mode().Perm())
	}
	line, _ := bufio.NewReader(io.LimitReader(file, 512)).ReadString('\n')
	switch {
	case strings.HasPrefix(line, "#!"):
		return checkScript(path, strings.TrimSuffix(line, "\n"))
	case strings.HasPrefix(line, elf.ELFMAG):
		return checkELF(path, file)
	case runtime.GOOS != "linux":
		return nil
	}
	return fault.New("build it again, or begin it with #! and its interpreter",
		"%s is neither a program for this machine (%s/%s) nor a script that starts with #!", path, runtime.GOOS, runtime.GOARCH)
}

// checkScript checks that the interpreter in the first line of a script exists.
func checkScript(path, line string) error {
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
	if want, known := architectures[runtime.GOARCH]; known && program.Machine != want.machine {
		return fault.New(fmt.Sprintf("give the function the architecture %s (with GoHandler: -c cloudfurl:goarch=%s)", want.name, runtime.GOARCH),
			"%s is built for %v, and this machine is %v", path, program.Machine, want.machine)
	}
	return nil
}

// architectures are Lambda's two architectures by Go's names.
//
// See: https://docs.aws.amazon.com/lambda/latest/dg/foundation-arch.html
var architectures = map[string]struct {
	machine elf.Machine
	name    string
}{"amd64": {elf.EM_X86_64, "x86_64"}, "arm64": {elf.EM_AARCH64, "arm64"}}
