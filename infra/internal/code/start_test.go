package code_test

import (
	"debug/elf"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/cloudfurl/cloudfurl/infra/internal/code"
)

func TestStart_runs_the_command_with_the_packages_of_the_app(t *testing.T) {
	for name, test := range map[string]struct{ command, runtime, want string }{
		"Python": {`echo "$PATH" "$PYTHONPATH" "$PORT"`, "python3.12",
			"ROOT/bin:/bin:/usr/bin ROOT:/opt/python:/opt/python/lib/python3.12/site-packages:/own:/var/runtime 8080"},
		"Node.js":          {`echo $PATH`, "nodejs24.x", "ROOT/node_modules/.bin:/bin:/usr/bin"},
		"OS only":          {`echo $PATH`, "provided.al2023", "/bin:/usr/bin"},
		"Java":             {`echo $PATH`, "java25", "/bin:/usr/bin"},
		"several commands": {"cd lib && pwd", "nodejs24.x", "ROOT/lib"},
		"assignment":       {"NAME=app sh -c 'echo $NAME'", "nodejs24.x", "app"},
		"replaces sh":      {`sh -c 'echo $PPID'`, "nodejs24.x", "PARENT"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := directoryOf(t, "lib/a", "")
			runtime, err := code.AppRuntime("WebAppHandler", dir, test.runtime)
			wantError(t, err)
			start, err := code.NewStart(dir, test.command, runtime)
			wantError(t, err)
			script := filepath.Join(dir, start.Handler)
			if err := os.WriteFile(script, []byte(start.Script.Content), 0o755); err != nil {
				t.Fatal(err)
			}
			command := exec.Command(script)
			command.Dir = dir
			command.Env = []string{"PATH=/bin:/usr/bin", "LAMBDA_TASK_ROOT=" + dir, "LAMBDA_RUNTIME_DIR=/var/runtime", "PYTHONPATH=/own", "PORT=8080"}
			output, err := command.CombinedOutput()
			if err != nil {
				t.Fatalf("%v: %s", err, output)
			}
			want := strings.ReplaceAll(test.want, "ROOT", dir)
			if want == "PARENT" {
				want = strconv.Itoa(os.Getpid())
			}
			if got := strings.TrimSpace(string(output)); got != want {
				t.Errorf("got %q, want %q", got, want)
			}
		})
	}
}

// See: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-custom.html#runtimes-custom-build
func TestStart_of_an_OS_only_runtime_is_bootstrap(t *testing.T) {
	for _, test := range []struct{ file, command, script string }{
		{"server", "./server --verbose", "#!/bin/sh\nexec ./server --verbose\n"},
		{"bin/server", "bin/server", "#!/bin/sh\nexec ./bin/server\n"},
		{"bootstrap", "./bootstrap", ""},
	} {
		dir := directoryOf(t, test.file, program(elf.EM_AARCH64))
		if err := os.Chmod(filepath.Join(dir, test.file), 0o755); err != nil {
			t.Fatal(err)
		}
		runtime, err := code.AppRuntime("WebAppHandler", dir, "provided.al2023")
		wantError(t, err)
		start, err := code.NewStart(dir, test.command, runtime)
		wantError(t, err)
		script := ""
		if start.Script != nil {
			script = start.Script.Content
		}
		if start.Handler != "bootstrap" || script != test.script {
			t.Errorf("%s: got handler %s and script %q, want bootstrap and %q", test.command, start.Handler, script, test.script)
		}
	}
	runtime, err := code.AppRuntime("WebAppHandler", "", "provided.al2023")
	wantError(t, err)
	_, err = code.NewStart(directoryOf(t, "bootstrap", ""), "./server --verbose", runtime)
	wantError(t, err, "has a file bootstrap", "give it as Command")
}

func TestStart_is_a_script_of_the_directory_that_Lambda_can_start(t *testing.T) {
	for name, test := range map[string]struct {
		command, text string
		mode          os.FileMode
		want          []string
	}{
		"a script":          {"./run.sh", "#!/bin/sh\n", 0o755, nil},
		"no command":        {"  ", "", 0o755, []string{"got no Command", `"python -m gunicorn --bind 0.0.0.0:$PORT app:app"`}},
		"missing script":    {"start.sh", "", 0o755, []string{`got Command "start.sh"`, "no such script"}},
		"script without #!": {"run.sh", "exec python3 app.py\n", 0o755, []string{"whose first line doesn't name what runs it"}},
		"script of Windows": {"run.sh", "#!/bin/sh\r\nexit\r\n", 0o755, []string{"end as on Windows"}},
		"not executable":    {"run.sh", "#!/bin/sh\n", 0o644, []string{"isn't executable: run chmod +x"}},
	} {
		t.Run(name, func(t *testing.T) {
			python, err := code.PythonRuntime("WebAppHandler", "")
			wantError(t, err)
			dir := directoryOf(t, "run.sh", test.text)
			if err := os.Chmod(filepath.Join(dir, "run.sh"), test.mode); err != nil {
				t.Fatal(err)
			}
			start, err := code.NewStart(dir, test.command, python)
			wantError(t, err, test.want...)
			if err == nil && (start.Handler != "run.sh" || start.Script != nil) {
				t.Errorf("got %+v, want run.sh of the directory", start)
			}
		})
	}
	dir := directoryOf(t, "cloudfurl-start.sh", "")
	_, err := code.NewStart(dir, "flask run", code.Runtime{})
	wantError(t, err, "has a file cloudfurl-start.sh", "rename it")
}
