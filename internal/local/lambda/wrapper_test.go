package lambda

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/cloudfurl/cloudfurl/internal/fault"
)

func TestWrapper_starts_a_managed_runtime(t *testing.T) {
	need(t, "python3")
	need(t, "node")
	const script = "#!/bin/sh\necho \"wrapped $# arguments\"\nexport ADDED=by-the-wrapper\nexec \"$@\"\n"
	for name, test := range map[string]struct{ runtime, handler, wrapper, file, content string }{
		"in a layer":  {"python3.11", "index.handler", "/opt/wrapper", "index.py", "import os\ndef handler(event, context):\n    return os.environ['ADDED']\n"},
		"in the code": {"nodejs22.x", "index.handler", "/var/task/wrapper", "index.js", "exports.handler = async () => process.env.ADDED\n"},
	} {
		t.Run(name, func(t *testing.T) {
			config := managed(test.runtime, test.handler, layer(t, map[string]string{test.file: test.content, "wrapper": script}))
			config.Layers = []string{layer(t, map[string]string{"wrapper": script})}
			config.Environment = map[string]string{"AWS_LAMBDA_EXEC_WRAPPER": test.wrapper}
			f, log := newFunction(t, config)
			if _, body := invoke(t, f, `{}`); body != `"by-the-wrapper"` {
				t.Errorf("got %s", body)
			}
			if log.find("wrapped ") == nil {
				t.Error("the wrapper didn't run")
			}
		})
	}
}

func TestWrapper_is_nothing_to_provided_runtimes(t *testing.T) {
	f, _ := newFunction(t, custom(func(c *Config) { c.Environment = map[string]string{"AWS_LAMBDA_EXEC_WRAPPER": "/opt/none"} }))
	if _, body := invoke(t, f, `{"do":"echo","text":"runs"}`); body != "runs" {
		t.Errorf("got %s", body)
	}
}

func TestWrapper_that_cannot_run_is_an_error(t *testing.T) {
	need(t, "python3")
	dir := layer(t, map[string]string{"index.py": "", "empty": "", "dos": "#!/bin/sh\r\n", "none": "#!/no/such/shell\n", "bare": "#!\n", "plain": "#!/bin/sh\n"})
	if err := os.Chmod(filepath.Join(dir, "plain"), 0o644); err != nil {
		t.Fatal(err)
	}
	for wrapper, want := range map[string]string{
		"/opt/bootstrap":  "there is no file /opt/bootstrap",
		"/var/task/none":  `needs the interpreter "/no/such/shell", which isn't on this machine`,
		"/var/task/dos":   `needs the interpreter "/bin/sh\r"`,
		"/var/task/bare":  `needs the interpreter ""`,
		"/var/task/plain": "can't be executed",
		"/var/task/empty": "is neither a program nor a script",
	} {
		config := managed("python3.11", "index.handler", dir)
		config.Environment = map[string]string{"AWS_LAMBDA_EXEC_WRAPPER": wrapper}
		_, err := New(config, (&record{}).logger())
		if err == nil || !strings.HasPrefix(err.Error(), "Environment.Variables.AWS_LAMBDA_EXEC_WRAPPER: ") || !strings.Contains(err.Error(), want) || fault.HintOf(err) == "" {
			t.Errorf("%s: %v, want %q with a hint", wrapper, err, want)
		}
	}
}

func TestScripts_find_the_interpreter_of_the_runtime(t *testing.T) {
	need(t, "python3")
	need(t, "node")
	for runtime, command := range map[string]string{
		"python3.11": `python -c 'import os, sys; print(sys.version_info[0], os.environ["PYTHONPATH"] == os.environ["LAMBDA_RUNTIME_DIR"])'; python3 -V; exec "$@"`,
		"nodejs22.x": `node -p '"3 True"'; exec "$@"`,
	} {
		config := managed(runtime, "index.handler", layer(t, map[string]string{
			"index.py": "def handler(event, context):\n    return 1\n", "index.js": "exports.handler = async () => 1\n", "wrapper": "#!/bin/sh\nset -e\n" + command + "\n",
		}))
		config.Environment = map[string]string{"AWS_LAMBDA_EXEC_WRAPPER": "/var/task/wrapper"}
		f, log := newParallel(t, config)
		if _, body := invoke(t, f, `{}`); body != "1" || log.find("3 True") == nil {
			t.Errorf("%s: got %s", runtime, body)
		}
	}
}

func TestNew_says_once_that_the_interpreter_has_another_version(t *testing.T) {
	need(t, "node")
	have, err := nodeRuntime.interpreter.find(Config{})
	if err != nil {
		t.Fatal(err)
	}
	major, _, _ := strings.Cut(have.version, ".")
	dir := code(t, map[string]string{"index.js": ""})
	for _, runtime := range []string{"nodejs20.x", "nodejs22.x", "nodejs24.x"} {
		_, log := newParallel(t, managed(runtime, "index.handler", dir))
		want := 1
		if runtime == "nodejs"+major+".x" {
			want = 0
		}
		if got := log.count("runs on nodejs" + have.version + " locally and on " + runtime + " on AWS"); got != want {
			t.Errorf("%s: %d lines, want %d", runtime, got, want)
		}
	}
}
