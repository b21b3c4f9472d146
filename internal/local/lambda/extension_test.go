package lambda

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// extensionLayer returns a layer with the test's program as the extension "watcher".
func extensionLayer(t *testing.T) string {
	t.Helper()
	dir := layer(t, map[string]string{"extensions/lib/not-started": ""})
	if err := os.Link(filepath.Join(handlerDir, "bootstrap"), filepath.Join(dir, "extensions/watcher")); err != nil {
		t.Fatal(err)
	}
	return dir
}

// extended returns a function with that extension in a mode of its own.
func extended(t *testing.T, mode string, change func(*Config)) (*Function, *record) {
	t.Helper()
	dir := extensionLayer(t)
	return newFunction(t, custom(func(c *Config) {
		c.Layers = []string{dir}
		c.Environment = map[string]string{"EXTENSION": mode, "TABLE": "orders"}
		if change != nil {
			change(c)
		}
	}))
}

func TestExtension_takes_part_in_all_phases(t *testing.T) {
	f, log := extended(t, "", nil)
	for _, text := range []string{"one", "two"} {
		if response, body := invoke(t, f, `{"do":"echo","text":"`+text+`"}`); body != text || response.Environment != "Greeter#1" {
			t.Errorf("got %q of %s", body, response.Environment)
		}
		eventuallyIdle(t, f, 1)
	}
	f.Close()
	for _, want := range []string{"watcher got INVOKE ", "watcher got SHUTDOWN spindown"} {
		if line := log.find(want); line == nil || line["extension"] != "watcher" {
			t.Errorf("the log has no line %q of the extension: %v", want, line)
		}
	}
	if n := log.count("watcher got INVOKE"); n != 2 {
		t.Errorf("the extension got %d invocations, want 2", n)
	}
	environment := log.find("watcher has ")["msg"].(string)
	for _, want := range []string{" TABLE=orders", " AWS_LAMBDA_FUNCTION_NAME=Greeter", " AWS_REGION=us-east-1", " AWS_ACCESS_KEY_ID="} {
		if !strings.Contains(environment, want) {
			t.Errorf("the extension has no %s: %s", want, environment)
		}
	}
	for _, unwanted := range []string{"_HANDLER=", "LAMBDA_TASK_ROOT=", "LAMBDA_RUNTIME_DIR=", "AWS_XRAY_CONTEXT_MISSING=", "AWS_LAMBDA_LOG_GROUP_NAME="} {
		if strings.Contains(environment, unwanted) {
			t.Errorf("the extension has %s", unwanted)
		}
	}
}

func TestExtension_that_fails_ends_its_environment(t *testing.T) {
	for mode, want := range map[string]string{
		"exit":       "Extension.Crash Error: exit status 3",
		"crash":      "Extension.Crash Error: exit status 4",
		"init error": "Extension.InitError Error: Extension.NoLicense: no license",
	} {
		t.Run(mode, func(t *testing.T) {
			f, log := extended(t, mode, nil)
			failure := invokeError(t, f, `{"do":"sleep","ms":5000}`)
			wantType, wantMessage, _ := strings.Cut(want, " ")
			if failure.Type != wantType || failure.Message != "RequestId: "+failure.RequestID+" "+wantMessage {
				t.Errorf("got %v", failure)
			}
			eventually(t, "the error is logged", func() bool { return log.find(failure.Message) != nil })
			line := log.find(failure.Message)
			if line["extension"] != "watcher" || line["hint"] == nil || line["output"] == nil {
				t.Errorf("logged %v", line)
			}
		})
	}
}

func TestExtension_that_reports_its_end_after_the_response_ends_its_environment(t *testing.T) {
	f, log := extended(t, "exit error", nil)
	if _, body := invoke(t, f, `{"do":"echo","text":"first"}`); body != "first" {
		t.Errorf("got %s", body)
	}
	eventually(t, "the error is logged", func() bool { return log.find("Extension.DiskFull: disk full") != nil })
	if line := log.find("Extension.DiskFull"); line["errorType"] != "Extension.ExitError" {
		t.Errorf("logged %v", line)
	}
}

func TestExtension_that_is_late_is_named(t *testing.T) {
	for mode, want := range map[string]string{
		"mute":       "the extension watcher didn't register",
		"lazy":       "the extension watcher didn't ask for its next event",
		"wrong name": "the extension watcher didn't register",
	} {
		t.Run(mode, func(t *testing.T) {
			f, log := extended(t, mode, func(c *Config) { c.Timeout = time.Second })
			f.initLimit = 500 * time.Millisecond
			if failure := invokeError(t, f, `{"do":"echo"}`); failure.Type != "Sandbox.Timedout" {
				t.Errorf("got %v", failure)
			}
			if line := log.find("Task timed out after 1.00 seconds"); line == nil || !strings.Contains(line["cause"].(string), want) {
				t.Errorf("logged %v", line)
			}
		})
	}
}

func TestExtension_counts_towards_the_timeout(t *testing.T) {
	f, log := extended(t, "slow", func(c *Config) { c.Timeout = time.Second })
	if _, body := invoke(t, f, `{"do":"echo","text":"in time"}`); body != "in time" {
		t.Errorf("got %s", body)
	}
	eventually(t, "the timeout is logged", func() bool { return log.find("Task timed out") != nil })
	if line := log.find("Task timed out"); !strings.Contains(line["cause"].(string), "the extension watcher didn't ask for its next event") {
		t.Errorf("logged %v", line)
	}
}

func TestExtension_gets_the_reason_of_the_end(t *testing.T) {
	f, log := extended(t, "", func(c *Config) { c.Timeout = time.Second })
	invokeError(t, f, `{"do":"exit","size":1}`)
	eventually(t, "the failure is told", func() bool { return log.find("watcher got SHUTDOWN failure") != nil })
	invokeError(t, f, `{"do":"sleep","ms":60000}`)
	eventually(t, "the timeout is told", func() bool { return log.find("watcher got SHUTDOWN timeout") != nil })
}

func TestExtension_that_stays_is_killed(t *testing.T) {
	f, log := extended(t, "stay", nil)
	_, pid := invoke(t, f, `{"do":"pid"}`)
	eventuallyIdle(t, f, 1)
	f.Close()
	if log.find("watcher got SHUTDOWN") == nil || pid == "" {
		t.Error("the extension didn't get the event")
	}
}

func TestExtension_that_the_system_cannot_start_is_an_error(t *testing.T) {
	f, log := newFunction(t, custom(func(c *Config) {
		c.Layers = []string{layer(t, map[string]string{"extensions/broken": "no program"})}
	}))
	failure := invokeError(t, f, `{"do":"echo"}`)
	if !strings.HasPrefix(failure.Type, "Extension.") || log.find(failure.Message)["hint"] == nil {
		t.Errorf("got %v", failure)
	}
}
