package lambda

import (
	"bytes"
	"debug/elf"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"

	"github.com/cloudfurl/cloudfurl/internal/fault"
)

// newCustomRuntime runs the bootstrap in the task root.
//
// See: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-custom.html
func newCustomRuntime(c Config) (*languageRuntime, error) {
	bootstrap := filepath.Join(c.CodeDir, "bootstrap")
	if err := checkBootstrap(bootstrap); err != nil {
		return nil, fault.In("Code", err)
	}
	return &languageRuntime{custom: true, program: bootstrap, dir: customRuntimeDir, remove: func() {}}, nil
}

// checkBootstrap rejects early what would only fail to start.
func checkBootstrap(path string) error {
	info, err := os.Stat(path)
	if err != nil || info.IsDir() {
		return fault.New("build the handler to a file of that name, which provided runtimes execute", "there is no file %s", path)
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
	case bytes.HasPrefix(head, []byte("#!")), isMachO(head) && runtime.GOOS == "darwin":
		return nil
	case !bytes.Equal(head, []byte(elf.ELFMAG)):
		return fault.New("build it again", "%s is neither a program for this machine (%s/%s) nor a script that starts with #!", path, runtime.GOOS, runtime.GOARCH)
	}
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
