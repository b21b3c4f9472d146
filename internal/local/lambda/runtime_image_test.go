package lambda

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// image is the config of a container image whose program is in its directory.
func image(dir string, command ...string) Config {
	config := custom(nil)
	config.Runtime, config.CodeDir, config.Command = "", dir, command
	return config
}

func TestImage_runs_its_command_in_place_of_a_runtime(t *testing.T) {
	dir := t.TempDir()
	if err := os.Link(filepath.Join(handlerDir, "bootstrap"), filepath.Join(dir, "bootstrap")); err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(*Config){
		"relative":       func(c *Config) { c.Command = []string{"./bootstrap", "--flag"} },
		"absolute":       func(c *Config) { c.Command = []string{filepath.Join(dir, "bootstrap"), "--flag"} },
		"in search path": func(c *Config) { c.Command, c.SearchPath = []string{"bootstrap", "--flag"}, []string{"/none", dir} },
		"in PATH": func(c *Config) {
			c.Command, c.Environment = []string{"bootstrap", "--flag"}, map[string]string{"PATH": "/none:" + dir}
		},
	} {
		t.Run(name, func(t *testing.T) {
			config := image(dir)
			change(&config)
			f, _ := newFunction(t, config)
			got := environ(t, f)
			if want := strings.Join(append(config.SearchPath, lambdaPath), ":"); config.Environment == nil && got["PATH"] != want {
				t.Errorf("PATH is %s, want %s", got["PATH"], want)
			}
			if _, managed := got["AWS_EXECUTION_ENV"]; managed || got["(cwd)"] == "" {
				t.Errorf("AWS_EXECUTION_ENV is set, or no directory %q", got["(cwd)"])
			}
			if _, body := invoke(t, f, `{"do":"inspect"}`); !strings.Contains(body, `"--flag"`) {
				t.Errorf("the arguments are missing in %s", body)
			}
		})
	}
}

func TestImage_with_a_command_that_cannot_run_fails(t *testing.T) {
	for _, command := range []string{"gunicorn-none", "./missing"} {
		f, log := newParallel(t, image(t.TempDir(), command))
		failure := invokeError(t, f, `{}`)
		if line := log.failure(); line == nil || line["cause"] != "a program of the command isn't on this machine: "+command || line["hint"] == nil {
			t.Errorf("%s: %v, logged %v", command, failure, line)
		}
	}
}

func TestImage_with_the_adapter_runs_an_app(t *testing.T) {
	f, log := webApp(t, startApp, nil)
	config := f.Config()
	f.Close()
	python, err := pythonRuntime(11).interpreter.find(config)
	if err != nil {
		t.Fatal(err)
	}
	config.Runtime, config.Handler = "", ""
	config.Command = []string{"/bin/sh", "-c", `exec "$0" app.py $PORT`, python.program}
	app, _ := newParallel(t, config)
	if _, body := invoke(t, app, getEvent); !strings.Contains(body, "/page of ") {
		t.Errorf("got %q, logged %v", body, log.find("Error"))
	}
}

func TestImage_variables_do_not_follow_the_rules_of_the_function_s(t *testing.T) {
	config := custom(func(c *Config) {
		c.ImageEnvironment = map[string]string{"X": "short name", "AWS_REGION": "mars-1", "BIG": strings.Repeat("x", 5000), "GREETING": "image"}
		c.Environment = map[string]string{"GREETING": "function"}
	})
	f, _ := newFunction(t, config)
	got := environ(t, f)
	if got["X"] != "short name" || len(got["BIG"]) != 5000 || got["GREETING"] != "function" || got["AWS_REGION"] != "us-east-1" {
		t.Errorf("got X=%s, %d bytes of BIG, GREETING=%s, AWS_REGION=%s", got["X"], len(got["BIG"]), got["GREETING"], got["AWS_REGION"])
	}
}
