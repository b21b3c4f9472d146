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
	wantError(t, err, "has a file bootstrap", "set it as Command")
}

func TestStart_runs_a_script_of_the_directory(t *testing.T) {
	python, err := code.PythonRuntime("WebAppHandler", "")
	wantError(t, err)
	for _, command := range []string{"run.sh", "./run.sh"} {
		start, err := code.NewStart(directoryOf(t, "run.sh", "#!/bin/sh\n"), command, python)
		wantError(t, err)
		if start.Handler != "cloudfurl-start.sh" || !strings.HasSuffix(start.Script.Content, "\nexec ./run.sh\n") {
			t.Errorf("got %+v, want a script that starts run.sh", start)
		}
	}
	_, err = code.NewStart(directoryOf(t), "  ", python)
	wantError(t, err, "got no Command", `"python -m gunicorn --bind 0.0.0.0:$PORT app:app"`)
}

func TestStart_needs_the_name_of_its_script(t *testing.T) {
	dir := directoryOf(t, "cloudfurl-start.sh", "")
	_, err := code.NewStart(dir, "flask run", code.Runtime{})
	wantError(t, err, "has a file cloudfurl-start.sh", "rename it")
}
