package lambda

import (
	"bufio"
	"debug/elf"
	"io"
	"os"
	"runtime"
	"strings"

	"github.com/cloudfurl/cloudfurl/internal/fault"
)

const onWindows = runtime.GOOS == "windows"

// checkExecutable rejects early what would only fail to start, with less to say. The
// system judges what is neither a script nor a program for Linux.
func checkExecutable(path string) error {
	file, err := os.Open(path)
	if err != nil {
		return fault.New("make it readable, or synthesize again", "%s can't be read: %w", path, err)
	}
	defer file.Close()
	if info, err := file.Stat(); err == nil && info.Mode()&0o111 == 0 && !onWindows {
		return fault.New("run chmod +x on it before it is packed", "%s has mode %v and can't be executed", path, info.Mode().Perm())
	}
	line, _ := bufio.NewReader(io.LimitReader(file, 512)).ReadString('\n')
	if script, ok := strings.CutPrefix(strings.TrimSuffix(line, "\n"), "#!"); ok && onWindows {
		return fault.New("run cloudfurl in WSL, or set a command that starts the app: --run FUNCTION=COMMAND", "%s is a script for a Unix shell, which Windows doesn't start", path)
	} else if ok {
		return checkInterpreter(path, script)
	}
	program, err := elf.NewFile(file)
	switch {
	case err == nil && (runtime.GOOS != "linux" || program.Machine != machines[runtime.GOARCH]):
		return fault.New("build it for this machine; with GoHandler: -c cloudfurl:goos="+runtime.GOOS+" -c cloudfurl:goarch="+runtime.GOARCH,
			"%s is a program for Linux on %v, and this machine is %s/%s", path, program.Machine, runtime.GOOS, runtime.GOARCH)
	case err != nil && runtime.GOOS == "linux":
		return fault.New("build it again, or begin it with #! and its interpreter", "%s is neither a program nor a script that starts with #!", path)
	}
	return nil
}

// checkInterpreter checks that the interpreter in the first line of a script exists. One
// below /opt or /var is a part of the function.
func checkInterpreter(path, line string) error {
	name, _, _ := strings.Cut(strings.Trim(line, " \t"), " ")
	if isFile(name) || strings.HasPrefix(name, optDir+"/") || strings.HasPrefix(name, "/var/") {
		return nil
	}
	return fault.New("install it, or write #!/bin/sh; lines have to end as on Unix, with LF", "%s needs the interpreter %q, which isn't on this machine", path, name)
}

// machines are Lambda's two architectures by Go's names.
//
// See: https://docs.aws.amazon.com/lambda/latest/dg/foundation-arch.html
var machines = map[string]elf.Machine{"amd64": elf.EM_X86_64, "arm64": elf.EM_AARCH64}
