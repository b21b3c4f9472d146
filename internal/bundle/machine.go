package bundle

import (
	"debug/elf"
	"fmt"
	"io/fs"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/cloudfurl/cloudfurl/internal/publish"
)

// machines are the CPUs that Linux runs on, by the names of ELF, and Lambda's names of
// its own. Other files in ELF, such as those for graphics cards, aren't started.
var machines = map[elf.Machine]string{
	elf.EM_AARCH64: "arm64", elf.EM_X86_64: "x86_64", elf.EM_386: "x86", elf.EM_ARM: "arm", elf.EM_PPC64: "ppc64",
	elf.EM_S390: "s390x", elf.EM_RISCV: "riscv", elf.EM_LOONGARCH: "loongarch", elf.EM_MIPS: "mips",
}

// machineOf returns the CPU that a program or library is for, or "" for other files.
func machineOf(path string) string {
	file, err := elf.Open(path)
	if err != nil {
		return ""
	}
	defer file.Close()
	if file.Type != elf.ET_EXEC && file.Type != elf.ET_DYN {
		return ""
	}
	return machines[file.Machine]
}

// checkMachines returns an error if the code has programs for other CPUs than the
// function's, unless Exclude includes them or they are one of several variants.
func (a *App) checkMachines(code string, selection *publish.Selection) error {
	if len(a.CPUs) == 0 {
		return nil
	}
	var mu sync.Mutex
	right, foreign := map[string]bool{}, map[string]string{} // variants, and CPUs by name
	err := eachFile(code, func(name, path string, _ fs.FileInfo) error {
		cpu := machineOf(path)
		name = filepath.ToSlash(name)
		mu.Lock()
		defer mu.Unlock()
		switch {
		case slices.Contains(a.CPUs, cpu):
			right[variantsOf(name)] = true
		case cpu != "" && !selection.Includes(name):
			foreign[name] = cpu
		}
		return nil
	})
	if err != nil {
		return err
	}
	names := slices.Sorted(maps.Keys(foreign))
	names = slices.DeleteFunc(names, func(name string) bool { return right[variantsOf(name)] })
	if len(names) == 0 {
		return nil
	}
	return fmt.Errorf("the code of %s has programs for %s, and the function's CPU is %s: %s. Install them for Linux on %[3]s, name them in Exclude, or keep one by adding %[5]q",
		a.Dir, foreign[names[0]], a.CPUs[0], publish.List(names), publish.Including(names[0]))
}

var (
	// cpuName matches names of CPUs in paths.
	cpuName = regexp.MustCompile(`(?i)(^|[^a-z0-9])(?:x86[_-]64|amd64|x64|x86|ia32|i[36]86|386|aarch64|arm64|armv[5-8]\w?|armhf|arm|ppc64(?:le|el)?|s390x|riscv64|loong(?:arch)?64|mips\w*)([^a-z0-9]|$)`)

	// packagePath matches what is in a package of npm.
	packagePath = regexp.MustCompile(`^(?:.*/)?node_modules/(?:@[^/]+/)?[^/]+/`)
)

// variantsOf returns what a file has in common with its variants for other CPUs: the
// package of npm, or the path up to the name of the CPU.
func variantsOf(name string) string {
	name = cpuName.ReplaceAllString(name, "$1*$2")
	if inPackage := packagePath.FindString(name); inPackage != "" {
		return inPackage
	}
	if i := strings.IndexByte(name, '*'); i >= 0 {
		if end := strings.IndexByte(name[i:], '/'); end >= 0 {
			return name[:i+end]
		}
	}
	return name
}
