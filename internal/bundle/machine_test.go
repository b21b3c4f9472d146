package bundle

import (
	"debug/elf"
	"encoding/binary"
	"testing"
)

// program is the beginning of a file in ELF for a CPU.
func program(cpu elf.Machine, kind elf.Type, order binary.ByteOrder) string {
	header := make([]byte, 64)
	copy(header, elf.ELFMAG)
	header[elf.EI_CLASS], header[elf.EI_DATA], header[elf.EI_VERSION] = byte(elf.ELFCLASS64), byte(elf.ELFDATA2LSB), byte(elf.EV_CURRENT)
	if order == binary.BigEndian {
		header[elf.EI_DATA] = byte(elf.ELFDATA2MSB)
	}
	order.PutUint16(header[16:], uint16(kind))
	order.PutUint16(header[18:], uint16(cpu))
	order.PutUint32(header[20:], uint32(elf.EV_CURRENT))
	return string(header)
}

var (
	forArm64 = program(elf.EM_AARCH64, elf.ET_DYN, binary.LittleEndian)
	forX86   = program(elf.EM_X86_64, elf.ET_DYN, binary.LittleEndian)
)

func TestApp_fails_if_programs_are_for_another_CPU(t *testing.T) {
	const sharp = "node_modules/@img/sharp-linux-x64/lib/sharp-linux-x64.node"
	for name, test := range map[string]struct {
		files   []string
		exclude []string
		want    string // the first one, or none
	}{
		"sharp of this machine":         {[]string{sharp, forX86}, nil, sharp},
		"sharp of both":                 {[]string{sharp, forX86, "node_modules/@img/sharp-linux-arm64/lib/sharp-linux-arm64.node", forArm64}, nil, ""},
		"sharp of another C library":    {[]string{sharp, forX86, "node_modules/@img/sharp-linuxmusl-arm64/lib/sharp.node", forArm64}, nil, sharp},
		"excluded":                      {[]string{sharp, forX86}, []string{"sharp-linux-x64"}, ""},
		"kept":                          {[]string{sharp, forX86}, []string{"!/" + sharp}, ""},
		"another one is kept":           {[]string{sharp, forX86}, []string{"!/node_modules/other"}, sharp},
		"a package with prebuilds":      {[]string{"node_modules/a/prebuilds/linux-x64/a.node", forX86, "node_modules/a/prebuilds/linux-arm64/a.armv8.node", forArm64}, nil, ""},
		"a package with other names":    {[]string{"node_modules/.prisma/client/libquery-debian.so.node", forX86, "node_modules/.prisma/client/libquery-linux-arm64.so.node", forArm64}, nil, ""},
		"another package":               {[]string{"node_modules/a/a.node", forX86, "node_modules/b/b.node", forArm64}, nil, "node_modules/a/a.node"},
		"a virtual environment":         {[]string{"env/lib/python3.13/site-packages/x/_x.cpython-313-x86_64-linux-gnu.so", forX86}, nil, "env/lib/python3.13/site-packages/x/_x.cpython-313-x86_64-linux-gnu.so"},
		"a program":                     {[]string{"bin/tool", forX86, "bin/other", forArm64}, nil, "bin/tool"},
		"a program for each":            {[]string{"bin/x86_64/tool", forX86, "bin/aarch64/tool", forArm64}, nil, ""},
		"a program without a suffix":    {[]string{"bin/tool_amd64", forX86, "bin/tool_arm64", forArm64}, nil, ""},
		"the right one":                 {[]string{"bin/tool", forArm64}, nil, ""},
		"big-endian":                    {[]string{"bin/tool", program(elf.EM_S390, elf.ET_EXEC, binary.BigEndian)}, nil, "bin/tool"},
		"32 bits":                       {[]string{"bin/tool", program(elf.EM_ARM, elf.ET_EXEC, binary.LittleEndian)}, nil, "bin/tool"},
		"for a graphics card":           {[]string{"kernel.cubin", program(elf.EM_CUDA, elf.ET_EXEC, binary.LittleEndian)}, nil, ""},
		"an object that nothing starts": {[]string{"a.o", program(elf.EM_X86_64, elf.ET_REL, binary.LittleEndian)}, nil, ""},
		"a text":                        {[]string{"readme", "\x7fELF is a format", "empty", ""}, nil, ""},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			write(t, dir, append(test.files, "app.js", "")...)
			_, err := bundled(t, App{Dir: dir, Node: &Node{"linux", "arm64"}, CPUs: []string{"arm64"}, Exclude: test.exclude})
			if test.want != "" {
				wantError(t, err, "the function's CPU is arm64: "+test.want, "name them in Exclude", `"!/`+test.want+`"`)
			} else if err != nil {
				t.Errorf("got error %v, want none", err)
			}
		})
	}
}

func TestApp_fails_if_a_package_has_a_library_for_another_CPU(t *testing.T) {
	wheels(t, tool("py3-none-any", forX86))
	dir := t.TempDir()
	write(t, dir, "requirements.txt", "tool==1.0\n")
	for range 2 {
		_, err := bundled(t, App{Dir: dir, Python: arm64, CPUs: []string{"arm64"}, Cache: Cache{Dir: t.TempDir()}})
		wantError(t, err, "has programs for x86_64, and the function's CPU is arm64: tool/native.so")
	}
	if _, err := bundled(t, App{Dir: dir, Python: arm64, CPUs: []string{"arm64"}, Exclude: []string{"!/tool/native.so"}}); err != nil {
		t.Errorf("got error %v for a library that Exclude includes, want none", err)
	}
	if _, err := bundled(t, App{Dir: dir, Python: arm64, CPUs: []string{"arm64", "x86_64"}}); err != nil {
		t.Errorf("got error %v for this machine's CPU, want none", err)
	}
}
