package lambda

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

func TestPython_runs_handlers(t *testing.T) {
	need(t, "python3")
	for name, test := range map[string]struct {
		handler string
		files   map[string]string
		want    string
	}{
		"function":    {"index.handler", map[string]string{"index.py": "def handler(event, context):\n    return {'got': event}\n"}, `{"got": {"a": 1}}`},
		"in a folder": {"src/app.run", map[string]string{"src/app.py": "def run(event, context):\n    return 'here'\n"}, `"here"`},
		"in a package": {"src.app.run", map[string]string{"src/__init__.py": "", "src/app.py": "import helper\ndef run(event, context):\n    return helper.word\n",
			"helper.py": "word = 'helped'"}, `"helped"`},
		"nothing":   {"index.handler", map[string]string{"index.py": "def handler(event, context):\n    pass\n"}, `null`},
		"decimal":   {"index.handler", map[string]string{"index.py": "from decimal import Decimal\ndef handler(event, context):\n    return [Decimal('1.5'), Decimal('-7')]\n"}, `[1.5, -7]`},
		"bytes":     {"index.handler", map[string]string{"index.py": "def handler(event, context):\n    return b'{\"raw\":1}'\n"}, `{"raw":1}`},
		"not ASCII": {"index.handler", map[string]string{"index.py": "def handler(event, context):\n    return 'Grüße 🌍'\n"}, `"Grüße 🌍"`},
		"context": {"index.handler", map[string]string{"index.py": "import os\ndef handler(event, c):\n" +
			"    return [c.function_name, c.memory_limit_in_mb, len(c.aws_request_id), c.get_remaining_time_in_millis() > 4000, c.identity.cognito_identity_id, os.environ['AWS_EXECUTION_ENV'], 'HOME' in os.environ]\n"},
			`["Managed", "128", 36, true, null, "AWS_Lambda_python3.11", false]`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f, _ := newParallel(t, managed("python3.11", test.handler, code(t, test.files)))
			for range 2 {
				if _, body := invoke(t, f, `{"a":1}`); body != test.want {
					t.Errorf("response %s, want %s", body, test.want)
				}
			}
		})
	}
}

func TestPython_reports_errors_as_Lambda_does(t *testing.T) {
	need(t, "python3")
	for name, test := range map[string]struct{ source, wantType, wantMessage string }{
		"raised":     {"def handler(event, context):\n    raise ValueError('no good')\n", "ValueError", "no good"},
		"not JSON":   {"def handler(event, context):\n    return {1, 2}\n", "Runtime.MarshalError", "Unable to marshal response: Object of type set is not JSON serializable"},
		"not UTF-8":  {"def handler(event, context):\n    return '\\ud800'\n", "Runtime.ExitError", "Runtime exited"},
		"exit":       {"import sys\ndef handler(event, context):\n    sys.exit(4)\n", "Runtime.ExitError", "Runtime exited"},
		"no handler": {"x = 1\n", "Runtime.HandlerNotFound", "Handler 'handler' missing on module 'index'"},
		"no module":  {"import nowhere\n", "Runtime.ImportModuleError", "Unable to import module 'index': No module named 'nowhere'"},
		"syntax":     {"def handler(\n", "Runtime.UserCodeSyntaxError", "Syntax error in module 'index'"},
		"at load":    {"raise KeyError('CONFIG')\n", "KeyError", "'CONFIG'"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f, log := newParallel(t, managed("python3.11", "index.handler", code(t, map[string]string{"index.py": test.source})))
			failure := invokeError(t, f, `{}`)
			if failure.Type != test.wantType || !strings.HasPrefix(failure.Message, test.wantMessage) {
				t.Fatalf("got %v", failure)
			}
			if test.wantType == "ValueError" {
				eventually(t, "the stack trace is logged", func() bool { return log.find(`File "`) != nil })
			}
		})
	}
}

func TestPython_logs_prints_and_records(t *testing.T) {
	need(t, "python3")
	f, log := newFunction(t, managed("python3.11", "index.handler", code(t, map[string]string{"index.py": "import logging\nprint('loaded')\n" +
		"def handler(event, context):\n    print('printed')\n    context.log('noted\\n')\n    logging.warning('warned')\n    print('cut', end='')\n"})))
	response, err := f.Invoke(t.Context(), JSON(`{}`), InvokeOptions{RequestID: "the-id"})
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	eventuallyIdle(t, f, 1)
	f.Close()
	for _, want := range []string{"loaded", "printed", "noted", "[WARNING]\t", "\tthe-id\twarned", "cut"} {
		if log.find(want) == nil {
			t.Errorf("no line has %q", want)
		}
	}
}

func TestPython_reports_a_wrong_handler(t *testing.T) {
	need(t, "python3")
	dir := code(t, map[string]string{"index.py": ""})
	for handler, want := range map[string]string{
		"handler":       "Runtime.MalformedHandlerName: Bad handler 'handler'",
		"other.handler": "Runtime.ImportModuleError: Unable to import module 'other': No module named 'other'",
	} {
		f, _ := newParallel(t, managed("python3.11", handler, dir))
		if failure := invokeError(t, f, `{}`); failure.short() != want {
			t.Errorf("%s: got %v", handler, failure)
		}
	}
}

func TestPython_New_fails_without_Python(t *testing.T) {
	for _, name := range []string{"false", "echo"} {
		program, err := exec.LookPath(name)
		if err != nil {
			t.Fatal(err)
		}
		path := t.TempDir()
		if err := os.Symlink(program, filepath.Join(path, "python3")); err != nil {
			t.Fatal(err)
		}
		t.Run(name, func(t *testing.T) {
			t.Setenv("PATH", path)
			_, err := New(managed("python3.11", "index.handler", t.TempDir()), (&record{}).logger())
			if err == nil || !strings.Contains(err.Error(), "needs Python, and no python3 in PATH runs") {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestPython_leaves_no_bytecode_in_the_code(t *testing.T) {
	need(t, "python3")
	files := map[string]string{"index.py": "import helper\ndef handler(event, context):\n    return 'here'\n", "helper.py": ""}
	for value, want := range map[string]int{"": 0, "the function's own": 2} {
		config := managed("python3.11", "index.handler", code(t, files))
		if value != "" {
			config.Environment = map[string]string{"PYTHONDONTWRITEBYTECODE": ""}
		}
		f, _ := newParallel(t, config)
		invoke(t, f, `{}`)
		if found, err := filepath.Glob(filepath.Join(config.CodeDir, "__pycache__", "*")); err != nil || len(found) != want {
			t.Errorf("with %q set: %v, want %d files", value, found, want)
		}
	}
}

func TestPython_leaves_no_bytecode_of_an_app(t *testing.T) {
	f, _ := webApp(t, "#!/bin/sh\nexec python -c 'import app' $PORT\n", nil)
	invoke(t, f, getEvent)
	if _, err := os.Stat(filepath.Join(f.config.CodeDir, "__pycache__")); err == nil {
		t.Error("the app of a start script left bytecode")
	}
}

func TestPython_runs_on_the_nearest_version(t *testing.T) {
	for _, test := range []struct {
		runtime, want string
		have          []string
	}{
		{"python3.9", "3.9", []string{"python3", "python3.8", "python3.9", "python3.10"}},
		{"python3.9", "3.10", []string{"python3", "python3.8", "python3.10", "python3.13"}},
		{"python3.7", "3.13", []string{"python3", "python3.6", "python3.13"}},
		{"python3.15", "3.12", []string{"python3.11", "python3.12"}},
		{"python3.8", "3", []string{"python3"}},
	} {
		path := layer(t, nil)
		for _, name := range test.have {
			script := "#!/bin/sh\necho $0\necho " + strings.TrimPrefix(name, "python") + "\n"
			if err := os.WriteFile(filepath.Join(path, name), []byte(script), 0o755); err != nil {
				t.Fatal(err)
			}
		}
		t.Setenv("PATH", path)
		log := &record{}
		f, err := New(managed(test.runtime, "index.handler", code(t, map[string]string{"index.py": ""})), log.logger())
		if err != nil {
			t.Fatal(err)
		}
		f.Close()
		if want := filepath.Join(path, "python"+test.want); f.runtime.program != want {
			t.Errorf("%s of %v runs on %s, want %s", test.runtime, test.have, f.runtime.program, want)
		}
		if told := log.find("runs on python"+test.want+" locally and on "+test.runtime+" on AWS") != nil; told == ("python"+test.want == test.runtime) {
			t.Errorf("%s on python%s: told %v", test.runtime, test.want, told)
		}
	}
}
