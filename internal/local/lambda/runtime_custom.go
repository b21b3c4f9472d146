package lambda

import (
	"bytes"
	"debug/elf"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
)

// newCustomRuntime runs the bootstrap in the task root.
//
// See: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-custom.html
func newCustomRuntime(c Config) (*languageRuntime, error) {
	bootstrap := filepath.Join(c.CodeDir, "bootstrap")
	if err := checkBootstrap(bootstrap); err != nil {
		return nil, fmt.Errorf("lambda: function %s: %w", c.Name, err)
	}
	return &languageRuntime{custom: true, program: bootstrap, dir: customRuntimeDir, remove: func() {}}, nil
}

// checkBootstrap says early what would only show as a failed start.
func checkBootstrap(path string) error {
	info, err := os.Stat(path)
	if err != nil || info.IsDir() {
		return fmt.Errorf("there is no file %s; a provided runtime runs a program of that name: build the handler to it", path)
	}
	if info.Mode()&0o111 == 0 {
		return fmt.Errorf("%s has mode %v and can't be executed; run chmod +x on it before it is packed", path, info.Mode().Perm())
	}
	file, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("%s can't be read: %w", path, err)
	}
	defer file.Close()
	head := make([]byte, 4)
	n, _ := io.ReadFull(file, head)
	head = head[:n]
	switch {
	case bytes.HasPrefix(head, []byte("#!")), isMachO(head) && runtime.GOOS == "darwin":
		return nil
	case !bytes.Equal(head, []byte(elf.ELFMAG)):
		return fmt.Errorf("%s is neither a program of this machine (%s/%s) nor a script that starts with #!; build it again", path, runtime.GOOS, runtime.GOARCH)
	}
	program, err := elf.NewFile(file)
	if err != nil {
		return fmt.Errorf("%s is a damaged program (%w); build it again", path, err)
	}
	if runtime.GOOS != "linux" {
		return fmt.Errorf("%s is a program for Linux, and this machine runs %s; build it with GOOS=%s (with GoHandler: -c cloudfurl:goos=%s)", path, runtime.GOOS, runtime.GOOS, runtime.GOOS)
	}
	if want, known := elfMachines[runtime.GOARCH]; known && program.Machine != want {
		return fmt.Errorf("%s is built for %v, and this machine is %v: synthesize for this machine's architecture, which Lambda calls %s (the function's Architecture; -c architecture=%s with the demo)",
			path, program.Machine, want, lambdaArchitectures[runtime.GOARCH], lambdaArchitectures[runtime.GOARCH])
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

// lambdaArchitectures are Lambda's names of the architectures that it has.
//
// See: https://docs.aws.amazon.com/lambda/latest/dg/foundation-arch.html
var lambdaArchitectures = map[string]string{"amd64": "x86_64", "arm64": "arm64"}

// isMachO reports whether head opens a 64-bit or universal Mach-O file.
//
// See: https://pkg.go.dev/debug/macho#pkg-constants
func isMachO(head []byte) bool {
	return bytes.Equal(head, []byte{0xcf, 0xfa, 0xed, 0xfe}) || bytes.Equal(head, []byte{0xca, 0xfe, 0xba, 0xbe})
}
