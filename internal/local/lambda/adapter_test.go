package lambda

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/cloudfurl/cloudfurl/internal/fault"
	"github.com/cloudfurl/cloudfurl/internal/local/adapter"
)

// webApp returns a function that runs a server of Python behind the stand-in.
func webApp(t *testing.T, script string, change func(*Config)) (*Function, *record) {
	t.Helper()
	need(t, "python3")
	config := managed("python3.11", "run.sh", layer(t, map[string]string{"run.sh": script, "app.py": `import os, sys, time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

class App(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.send_response(200)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for part in (f"{self.path} of ", str(os.getpid())):
            self.wfile.write(f"{len(part):x}\r\n{part}\r\n".encode())
            self.wfile.flush()
            time.sleep(float(os.environ.get("PAUSE", 0)))
        self.wfile.write(b"0\r\n\r\n")

    def log_message(self, *args):
        pass

ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), App).serve_forever()
`}))
	config.Adapter = true
	config.Environment = map[string]string{"AWS_LAMBDA_EXEC_WRAPPER": "/opt/bootstrap", "AWS_LWA_INVOKE_MODE": "response_stream", "PORT": "8080", "AWS_LWA_PORT": "8080"}
	if change != nil {
		change(&config)
	}
	return newFunction(t, config)
}

const (
	startApp = "#!/bin/sh\nexec python app.py $PORT\n"
	getEvent = `{"version":"2.0","rawPath":"/page","rawQueryString":"","headers":{},"requestContext":{"http":{"method":"GET","path":"/page","sourceIp":"127.0.0.1"},"domainName":"x"},"isBase64Encoded":false}`
)

func TestAdapter_serves_an_app(t *testing.T) {
	f, log := webApp(t, startApp, nil)
	for range 2 {
		response, body := invoke(t, f, getEvent)
		if !strings.Contains(body, "/page of ") || !strings.Contains(response.ContentType, "http-integration-response") {
			t.Errorf("got %s: %q", response.ContentType, body)
		}
	}
	if line := log.find("but not on AWS"); line != nil {
		t.Errorf("logged %v", line)
	}
}

func TestAdapter_serves_one_request_at_a_time_in_each_environment(t *testing.T) {
	f, _ := webApp(t, startApp, func(c *Config) { c.Environment["PAUSE"] = "0.2" })
	var mu sync.Mutex
	bodies := map[string]bool{}
	var requests sync.WaitGroup
	for range 3 {
		requests.Go(func() {
			_, body := invoke(t, f, getEvent)
			mu.Lock()
			defer mu.Unlock()
			bodies[body[strings.LastIndex(body, "/page"):]] = true
		})
	}
	requests.Wait()
	if len(bodies) != 3 {
		t.Errorf("%d processes responded to 3 requests at once: %v", len(bodies), bodies)
	}
}

// fixedPort returns a function whose app listens on the port of the template, and a
// file that gets a line whenever the app starts.
func fixedPort(t *testing.T) (f *Function, log *record, starts string) {
	t.Helper()
	if !tellsPorts {
		t.Skip("this system doesn't tell where a process listens")
	}
	free, err := Config{Environment: map[string]string{"PORT": "1"}}.newPorts()
	if err != nil {
		t.Fatal(err)
	}
	starts = filepath.Join(t.TempDir(), "starts")
	f, log = webApp(t, "#!/bin/sh\necho >>"+starts+"\nexec python app.py "+free["PORT"]+"\n", func(c *Config) {
		c.Environment["PORT"], c.Environment["AWS_LWA_PORT"] = free["PORT"], free["PORT"]
		c.MaxWait = time.Minute
	})
	return f, log, starts
}

// It took three starts: the first was ended at 500 ms, the request that waited for it
// made a second one with a port of its own, and the third was right.
func TestAdapter_starts_an_app_with_a_fixed_port_once(t *testing.T) {
	f, log, starts := fixedPort(t)
	var warmUp sync.WaitGroup
	warmUp.Go(func() { f.Start(context.Background()) })
	eventually(t, "the app starts", func() bool { text, _ := os.ReadFile(starts); return len(text) > 0 })
	for range 2 {
		if _, body := invoke(t, f, getEvent); !strings.Contains(body, "/page of ") {
			t.Errorf("got %q", body)
		}
	}
	warmUp.Wait()
	if text, err := os.ReadFile(starts); len(text) != 1 || err != nil {
		t.Errorf("the app started %d times, %v", len(text), err)
	}
	if log.count("runs one environment at a time from now on, on port ") != 1 || log.find("timed out") != nil {
		t.Error("the log doesn't say that the port is shared, or has a timeout")
	}
}

// The app of the second request can't listen on the port of the first.
func TestAdapter_serves_requests_at_once_with_one_fixed_port(t *testing.T) {
	f, log, _ := fixedPort(t)
	var requests sync.WaitGroup
	for range 3 {
		requests.Go(func() {
			if _, body := invoke(t, f, getEvent); !strings.Contains(body, "/page of ") {
				t.Errorf("got %q", body)
			}
		})
	}
	requests.Wait()
	if log.count("runs one environment at a time from now on, on port ") != 1 {
		t.Error("the log doesn't say that the port is shared")
	}
}

func TestAdapter_says_what_is_wrong_with_an_app(t *testing.T) {
	for name, test := range map[string]struct{ script, cause, hint string }{
		"a program that doesn't exist": {"#!/bin/sh\nexec no-such-server\n", "a program that run.sh starts isn't in PATH", "python -m"},
		"an exit":                      {"#!/bin/sh\necho no database\nexit 3\n", "the app's process exited before it was ready", "listen on port"},
		"a port in use":                {"#!/bin/sh\necho 'listen EADDRINUSE 8080'\nexit 1\n", "the port that the app listens on is in use", "PORT"},
		"no server":                    {"#!/bin/sh\nexec sleep 60\n", "nothing of it listens on port ", "PORT"},
		"another port":                 {"#!/bin/sh\nexec python app.py 0\n", "it should listen on port ", "PORT"},
		"an unhealthy status":          {"#!/bin/sh\nexec python -c 'import os\nfrom http.server import BaseHTTPRequestHandler as H, HTTPServer\nH.do_GET = lambda h: h.send_error(500)\nHTTPServer((\"127.0.0.1\", int(os.environ[\"PORT\"])), H).serve_forever()'\n", "the app answers / with status 500", "AWS_LWA_READINESS_CHECK_HEALTHY_STATUS"},
		"a check that fails":           {"#!/bin/sh\nexec python -c 'import os, socket, time\ns = socket.create_server((\"127.0.0.1\", int(os.environ[\"PORT\"])))\ntime.sleep(60)'\n", "but wasn't ready", "readiness check"},
	} {
		t.Run(name, func(t *testing.T) {
			if !tellsPorts && strings.Contains(test.cause, "listen on port") {
				t.Skip("this system doesn't tell where a process listens")
			}
			f, log := webApp(t, test.script, func(c *Config) { c.Timeout = time.Second })
			f.initLimit = 1500 * time.Millisecond
			f.Start(context.Background())
			eventually(t, "the error is logged", func() bool { return log.failure() != nil })
			line := log.failure()
			cause, _ := line["cause"].(string)
			hint, _ := line["hint"].(string)
			if !strings.Contains(cause, test.cause) || !strings.Contains(hint, test.hint) {
				t.Errorf("logged %v", line)
			}
		})
	}
}

func TestAdapter_says_that_an_app_did_not_respond(t *testing.T) {
	f, log := webApp(t, "#!/bin/sh\nexec python app.py $PORT\n", func(c *Config) { c.Environment["AWS_LWA_ERROR_STATUS_CODES"] = "200" })
	failure := invokeError(t, f, getEvent)
	if failure.Type != adapter.ErrorType || log.find("status 200, which AWS_LWA_ERROR_STATUS_CODES lists") == nil {
		t.Errorf("got %v", failure)
	}
	if line := log.failure(); line == nil || !strings.Contains(line["cause"].(string), "the web app behind the adapter") {
		t.Errorf("logged %v", line)
	}
}

func TestAdapter_that_fails_ends_its_environment(t *testing.T) {
	f, log := webApp(t, startApp, nil)
	f.adapt = func(context.Context, adapter.Options) error { return errors.New("the API is gone") }
	if failure := invokeError(t, f, getEvent); failure.Type != "Extension.Crash" || log.find("the API is gone") == nil {
		t.Errorf("got %v", failure)
	}
}

func TestAdapter_that_fails_between_requests_ends_its_environment(t *testing.T) {
	f, log := webApp(t, startApp, nil)
	broken := make(chan struct{})
	f.adapt = func(ctx context.Context, o adapter.Options) error {
		ctx, cancel := context.WithCancel(ctx)
		go func() {
			<-broken
			cancel()
		}()
		if err := adapter.Run(ctx, o); err != nil {
			return err
		}
		return errors.New("the API is gone")
	}
	invoke(t, f, getEvent)
	eventuallyIdle(t, f, 1)
	close(broken)
	eventually(t, "the error is logged", func() bool { return log.find("the API is gone") != nil })
	eventually(t, "the environment has ended", func() bool {
		f.mu.Lock()
		defer f.mu.Unlock()
		return len(f.environments) == 0
	})
}

func TestAdapter_lets_the_app_end_at_SIGTERM(t *testing.T) {
	f, log := webApp(t, "#!/bin/sh\nexec python -c 'import signal, sys\nsignal.signal(signal.SIGTERM, lambda *_: sys.exit(print(\"saved\", flush=True)))\nimport app' $PORT\n", nil)
	invoke(t, f, getEvent)
	eventuallyIdle(t, f, 1)
	f.Close()
	if log.find("saved") == nil {
		t.Error("the app got no SIGTERM")
	}
}

func TestAdapter_gets_the_variables_of_the_process(t *testing.T) {
	f, _ := webApp(t, startApp, nil)
	got := make(chan adapter.Options, 1)
	f.adapt = func(ctx context.Context, o adapter.Options) error {
		got <- o
		<-ctx.Done()
		return nil
	}
	go f.Start(context.Background())
	o := <-got
	if o.Variables["PORT"] == "8080" || o.Variables["AWS_LAMBDA_FUNCTION_NAME"] != "Managed" || o.RuntimeAPI != o.Variables["AWS_LAMBDA_RUNTIME_API"] || o.Log == nil {
		t.Errorf("got %+v", o)
	}
	eventually(t, "the app listens on its port", func() bool {
		port, _ := strconv.Atoi(o.Variables["PORT"])
		return !tellsPorts || slices.Contains(o.Listening(), port)
	})
}

func TestAdapter_needs_a_start_script(t *testing.T) {
	need(t, "python3")
	dir := layer(t, map[string]string{"run.sh": startApp, "dos.sh": "#!/bin/sh\r\n", "mode.sh": startApp, "text.sh": "exec python app.py"})
	if err := os.Chmod(filepath.Join(dir, "mode.sh"), 0o644); err != nil {
		t.Fatal(err)
	}
	for handler, want := range map[string]string{
		"": "is empty", "start.sh": "there is no file " + dir + "/start.sh", "dos.sh": `needs the interpreter "/bin/sh\r"`, "mode.sh": "can't be executed", "text.sh": "nor a script that starts with #!",
	} {
		config := managed("python3.11", handler, dir)
		config.Adapter = true
		_, err := New(config, (&record{}).logger())
		if err == nil || !strings.HasPrefix(err.Error(), "Handler: ") || !strings.Contains(err.Error(), want) || fault.HintOf(err) == "" {
			t.Errorf("%s: %v, want %q with a hint", handler, err, want)
		}
	}
	config := managed("python3.11", "run.sh", dir)
	config.Adapter, config.Environment = true, map[string]string{"AWS_LWA_PORT": "eighty"}
	if _, err := New(config, (&record{}).logger()); err == nil || !strings.Contains(err.Error(), "AWS_LWA_PORT") {
		t.Errorf("a wrong port: %v", err)
	}
}

func TestAdapter_runs_a_script_that_AWS_would_not(t *testing.T) {
	f, log := webApp(t, startApp, func(c *Config) { delete(c.Environment, "AWS_LAMBDA_EXEC_WRAPPER") })
	if _, body := invoke(t, f, getEvent); !strings.Contains(body, "/page of ") {
		t.Errorf("got %q", body)
	}
	if line := log.find("runs run.sh locally, but not on AWS"); line == nil || !strings.Contains(line["hint"].(string), "/opt/bootstrap") {
		t.Errorf("about the missing wrapper: %v", line)
	}
}
