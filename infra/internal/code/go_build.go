package code

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// GoExecutable is the name of the file that an OS-only runtime starts.
//
// See: https://docs.aws.amazon.com/lambda/latest/dg/golang-package.html
const GoExecutable = "bootstrap"

// goBuildEnvironment overrides settings of the machine that would change the
// executable.
var goBuildEnvironment = []string{
	"CGO_ENABLED=0",
	"GOAMD64=v1",
	"GOARM64=v8.0",
	"GOEXPERIMENT=",
	"GOFIPS140=off",
	"GOFLAGS=",
}

// A GoBuild compiles one main package.
type GoBuild struct {
	Package     string
	Dir         string
	BuildTags   []string
	LinkerFlags []string
	Machine     Machine
}

// Prepare returns why the package can't be compiled, or nil.
func (b *GoBuild) Prepare() error {
	if b.Package == "" {
		return errors.New(`GoHandler got an empty path: pass an import path or a directory, such as "./functions/demo"`)
	}
	return nil
}

// Directory returns the directory that the go command runs in.
func (b *GoBuild) Directory() string {
	if b.Dir == "" {
		return "."
	}
	return b.Dir
}

// Key returns what determines the executable, besides the sources.
func (b *GoBuild) Key() []string {
	return append(b.arguments(GoExecutable), b.Machine.goOS(), b.Machine.goArchitecture())
}

// arguments returns the arguments of the go command that writes the executable
// to output.
func (b *GoBuild) arguments(output string) []string {
	tags := append([]string{"lambda.norpc"}, b.BuildTags...)
	flags := append([]string{"-s", "-w", "-buildid="}, b.LinkerFlags...)
	return []string{
		"build",
		"-trimpath",
		// Without this flag the executable would differ at every commit.
		"-buildvcs=false",
		// With it, anything but one main package is an error.
		"-buildmode=exe",
		"-tags", strings.Join(tags, ","),
		"-ldflags", strings.Join(flags, " "),
		"-o", output,
		b.Package,
	}
}

// Write compiles the package into outputDir.
func (b *GoBuild) Write(outputDir string) error {
	executable, err := filepath.Abs(filepath.Join(outputDir, GoExecutable+b.Machine.extension())) // the go command runs elsewhere
	if err != nil {
		return err
	}
	command := exec.Command("go", b.arguments(executable)...)
	command.Dir = b.Directory()
	command.Env = append(append(os.Environ(), goBuildEnvironment...), "GOOS="+b.Machine.goOS(), "GOARCH="+b.Machine.goArchitecture())
	if output, err := command.CombinedOutput(); err != nil {
		if errors.Is(err, exec.ErrNotFound) {
			return errors.New("compiling Go needs the go command, which is not in PATH: install Go from https://go.dev/dl")
		}
		return fmt.Errorf("couldn't build %s in directory %s%s (%w):\n%s", b.Package, b.Directory(), b.hint(), err, output)
	}
	return os.Chmod(executable, 0o755) // the same on every machine
}

// hint returns what may be wrong with the path of a package that doesn't build.
func (b *GoBuild) hint() string {
	if strings.HasPrefix(b.Package, ".") || filepath.IsAbs(b.Package) {
		return ""
	}
	if info, err := os.Stat(filepath.Join(b.Directory(), filepath.FromSlash(b.Package))); err != nil || !info.IsDir() {
		return ""
	}
	return fmt.Sprintf(`, where it is a directory: the go command takes it for an import path, use "./%s"`, b.Package)
}
