package lambda

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// fakeEngine is a client of a container engine that records how it was called, the
// file with the variables and its own variable LINES, and runs the container's
// arguments on this machine.
const fakeEngine = `#!/bin/sh
echo "$*" >>'RECORD'
[ "$1" = rm ] && { [ FAILS = no ] || { echo "permission denied" >&2; exit 1; }; exit; }
shift
while :; do
	case $1 in
	--env-file) while IFS= read -r line; do export "$line"; done <"$2"; cat "$2" >'RECORD.variables'; shift 2 ;;
	--env) shift 2 ;;
	--name) shift 2 ;;
	--*) shift ;;
	*) break ;;
	esac
done
shift
exec "$@"
`

// contained is the config of a container whose engine is fake, and its record.
func contained(t *testing.T, fails string) (Config, string) {
	t.Helper()
	dir := t.TempDir()
	record, engine := filepath.Join(dir, "record"), filepath.Join(dir, "engine")
	script := strings.NewReplacer("RECORD", record, "FAILS", fails).Replace(fakeEngine)
	if err := os.WriteFile(engine, []byte(script), 0o755); err != nil {
		t.Fatal(err)
	}
	config := custom(nil)
	config.Runtime = ""
	config.Container = &Container{
		Engine: engine, Options: []string{"--read-only"}, Image: "image:1", Arguments: []string{filepath.Join(handlerDir, "bootstrap"), "--flag"},
	}
	return config, record
}

func TestContainer_runs_and_is_removed(t *testing.T) {
	config, record := contained(t, "no")
	config.ImageEnvironment = map[string]string{"A": "image", "PORT": "8080", "PATH": "/image/bin:/bin:/usr/bin"}
	config.Environment = map[string]string{"SECRET": "hunter2", "LINES": "one\ntwo"}
	f, _ := newFunction(t, config)
	_, body := invoke(t, f, `{"do":"inspect"}`)
	var got struct{ Args, Environ []string }
	if err := json.Unmarshal([]byte(body), &got); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"A=image", "SECRET=hunter2", "LINES=one\ntwo", "PATH=/image/bin:/bin:/usr/bin"} {
		if !slices.Contains(got.Environ, want) {
			t.Errorf("%q is missing in %q", want, got.Environ)
		}
	}
	if slices.Contains(got.Environ, "PORT=8080") {
		t.Error("the environment has no port of its own, and containers share the machine's")
	}
	variables, err := os.ReadFile(record + ".variables")
	if err != nil || strings.Contains(string(variables), "LAMBDA_TASK_ROOT") || strings.Contains(string(variables), "TMPDIR") {
		t.Errorf("got %v, and variables of this machine in %q", err, variables)
	}
	f.Close()
	text, err := os.ReadFile(record)
	if err != nil {
		t.Fatal(err)
	}
	calls := strings.Split(strings.TrimSpace(string(text)), "\n")
	if len(calls) != 2 || strings.Contains(calls[0], "hunter2") || !strings.HasPrefix(calls[0], "run --rm --init --name cloudfurl-") ||
		!strings.Contains(calls[0], " --env LINES --read-only image:1 "+handlerDir) {
		t.Fatalf("got the calls %q", calls)
	}
	if name := strings.Fields(calls[0])[4]; calls[1] != "rm --force "+name {
		t.Errorf("got %q, want %s removed", calls[1], name)
	}
}

func TestContainer_that_cannot_be_removed_is_logged(t *testing.T) {
	config, _ := contained(t, "yes")
	f, log := newFunction(t, config)
	invoke(t, f, `{"do":"inspect"}`)
	f.Close()
	if line := log.find("can't remove the container cloudfurl-"); line == nil || !strings.Contains(line["cause"].(string), "permission denied") {
		t.Errorf("got %v", line)
	}
}

func TestContainer_reaches_the_Runtime_API_by_the_name_of_this_machine(t *testing.T) {
	config, record := contained(t, "no")
	config.Container.Host = "localhost"
	f, _ := newFunction(t, config)
	invoke(t, f, `{"do":"inspect"}`)
	if text, err := os.ReadFile(record + ".variables"); err != nil || !strings.Contains(string(text), "AWS_LAMBDA_RUNTIME_API=localhost:") {
		t.Errorf("got %s (%v)", text, err)
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
