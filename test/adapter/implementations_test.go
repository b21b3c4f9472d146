package adapter

import (
	"context"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	standin "github.com/cloudfurl/cloudfurl/internal/local/adapter"
	"github.com/cloudfurl/cloudfurl/internal/local/logtest"
)

// An implementation is the stand-in or AWS's adapter.
type implementation struct {
	name  string
	start func(t *testing.T, runtimeAPI string, variables map[string]string) *running
}

// A running adapter ends with the test, at the latest.
type running struct {
	done chan error // closed, with the error in it, when the adapter has ended
	stop func()
	log  *logtest.Log
}

// binary is AWS's adapter, as `make adapter` builds it.
const binary = "../../bin/adapter/bin/lambda-adapter"

// each runs a test of both adapters, and says so where AWS's isn't there.
func each(t *testing.T, test func(t *testing.T, i implementation)) {
	t.Helper()
	t.Run("stand-in", func(t *testing.T) { test(t, implementation{"stand-in", startStandIn}) })
	t.Run("aws", func(t *testing.T) {
		if _, err := os.Stat(binary); err != nil {
			t.Skip("AWS's adapter isn't built, so only the stand-in was tested; run `make adapter`")
		}
		test(t, implementation{"aws", startReal})
	})
}

func startStandIn(t *testing.T, runtimeAPI string, variables map[string]string) *running {
	r := &running{done: make(chan error, 1), log: new(logtest.Log)}
	ctx, cancel := context.WithCancel(context.Background())
	r.stop = cancel
	go func() {
		defer close(r.done)
		r.done <- standin.Run(ctx, standin.Options{
			RuntimeAPI: runtimeAPI, Variables: variables, Log: slog.New(slog.NewTextHandler(r.log, nil)),
			Listening: func() []int { return nil }, Unready: func(string, string) {},
		})
	}()
	t.Cleanup(func() { r.end(t) })
	return r
}

func startReal(t *testing.T, runtimeAPI string, variables map[string]string) *running {
	r := &running{done: make(chan error, 1), log: new(logtest.Log)}
	path, err := filepath.Abs(binary)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(path)
	cmd.Env = []string{"AWS_LAMBDA_RUNTIME_API=" + runtimeAPI, "AWS_LAMBDA_LOG_LEVEL=INFO"}
	for name, value := range variables {
		cmd.Env = append(cmd.Env, name+"="+value)
	}
	cmd.Stdout, cmd.Stderr = r.log, r.log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	r.stop = func() { cmd.Process.Kill() }
	go func() {
		defer close(r.done)
		r.done <- cmd.Wait()
	}()
	t.Cleanup(func() { r.end(t) })
	return r
}

func (r *running) end(t *testing.T) {
	r.stop()
	select {
	case <-r.done:
	case <-time.After(limit):
		t.Error("the adapter doesn't end")
	}
	if t.Failed() && r.log.String() != "" {
		t.Logf("the adapter's log:\n%s", r.log)
	}
}

// variables returns those that Lambda sets, the port, a streaming response, and
// more.
func variables(port string, more map[string]string) map[string]string {
	v := map[string]string{
		"AWS_LAMBDA_FUNCTION_NAME":        "shop",
		"AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "512",
		"AWS_LAMBDA_FUNCTION_VERSION":     "$LATEST",
		"AWS_LAMBDA_LOG_GROUP_NAME":       "/aws/lambda/shop",
		"AWS_LAMBDA_LOG_STREAM_NAME":      "2026/09/28/[$LATEST]1",
		"AWS_LWA_INVOKE_MODE":             "response_stream",
		"AWS_LWA_PORT":                    port,
	}
	for name, value := range more {
		v[name] = value
	}
	return v
}
