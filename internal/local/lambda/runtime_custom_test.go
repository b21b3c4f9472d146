package lambda

import (
	"bytes"
	"debug/elf"
	"encoding/binary"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

func TestNew_checks_the_bootstrap(t *testing.T) {
	other := elf.EM_AARCH64
	if runtime.GOARCH == "arm64" {
		other = elf.EM_X86_64
	}
	foreign := &bytes.Buffer{}
	binary.Write(foreign, binary.LittleEndian, elf.Header64{
		Ident: [elf.EI_NIDENT]byte{0x7f, 'E', 'L', 'F', byte(elf.ELFCLASS64), byte(elf.ELFDATA2LSB), byte(elf.EV_CURRENT)},
		Type:  uint16(elf.ET_EXEC), Machine: uint16(other), Version: uint32(elf.EV_CURRENT), Ehsize: 64,
	})
	for name, test := range map[string]struct {
		content []byte
		mode    os.FileMode
		want    string // empty: it is fine
	}{
		"script":         {[]byte("#!/bin/sh\n"), 0o755, ""},
		"not executable": {[]byte("#!/bin/sh\n"), 0o644, "can't be executed"},
		"foreign":        {foreign.Bytes(), 0o755, "is a program for Linux on "},
		"damaged":        {[]byte("\x7fELF and no more"), 0o755, "is neither a program nor a script"},
		"text":           {[]byte("hello"), 0o755, "is neither a program nor a script"},
		"empty":          {nil, 0o755, "is neither a program nor a script"},
	} {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "bootstrap"), test.content, test.mode); err != nil {
			t.Fatal(err)
		}
		f, err := New(custom(func(c *Config) { c.CodeDir = dir }), (&record{}).logger())
		switch {
		case test.want == "" && err != nil:
			t.Errorf("%s: %v", name, err)
		case test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)):
			t.Errorf("%s: %v, want it to say %q", name, err, test.want)
		}
		if err == nil {
			f.Close()
		}
	}
	if _, err := New(custom(func(c *Config) { c.CodeDir = t.TempDir() }), (&record{}).logger()); err == nil || !strings.Contains(err.Error(), "there is no file") {
		t.Errorf("without a bootstrap: %v", err)
	}
}

// The example of a custom runtime in Lambda's guide is a shell script with curl.
//
// See: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-walkthrough.html
func TestFunction_runs_a_shell_bootstrap(t *testing.T) {
	need(t, "curl")
	dir := t.TempDir()
	script := `#!/bin/sh
set -eu
while true; do
  headers="$(mktemp)"
  event=$(curl -sS -D "$headers" "http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime/invocation/next")
  id=$(grep -i Lambda-Runtime-Aws-Request-Id "$headers" | tr -d '[:space:]' | cut -d: -f2)
  curl -sS "http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime/invocation/$id/response" -d "shell got $event" >/dev/null
done
`
	if err := os.WriteFile(filepath.Join(dir, "bootstrap"), []byte(script), 0o755); err != nil {
		t.Fatal(err)
	}
	f, _ := newFunction(t, custom(func(c *Config) { c.CodeDir = dir }))
	for range 3 {
		if response, body := invoke(t, f, `{"a":1}`); body != `shell got {"a":1}` || response.Environment != "Greeter#1" {
			t.Errorf("response %q from %s", body, response.Environment)
		}
		eventuallyIdle(t, f, 1) // curl has to start before it can ask for the next event
	}
}
