package lambda

import (
	"context"
	"fmt"
	"io"
	"sync"
	"testing"
	"time"
)

// An app behind the Lambda Web Adapter listens on a port. Two environments on one
// port got each other's requests, and those of a new version went to the old one.
func TestPort_is_the_environments_own(t *testing.T) {
	f, _ := newFunction(t, custom(func(c *Config) {
		c.Environment = map[string]string{"PORT": "8080", "AWS_LWA_PORT": "8080", "AWS_LWA_READINESS_CHECK_PORT": "9000", "DB_PORT": "5432"}
		c.Timeout = time.Minute
	}))
	gate, open := newGate(t)
	held, err := f.Invoke(context.Background(), JSON(fmt.Appendf(nil, `{"do":"gate","text":%q}`, gate)), InvokeOptions{})
	if err != nil {
		t.Fatal(err)
	}
	second := environ(t, f)
	eventuallyIdle(t, f, 1)
	open()
	io.Copy(io.Discard, held.Body)
	held.Body.Close()
	eventuallyIdle(t, f, 2)
	first := environ(t, f) // the environment that was used last
	for _, got := range []map[string]string{first, second} {
		if port := got["PORT"]; port == "8080" || port == "" || got["AWS_LWA_PORT"] != port || got["AWS_LWA_READINESS_CHECK_PORT"] == port ||
			got["AWS_LWA_READINESS_CHECK_PORT"] == "9000" || got["DB_PORT"] != "5432" {
			t.Errorf("ports %s, %s, %s, DB_PORT %s", port, got["AWS_LWA_PORT"], got["AWS_LWA_READINESS_CHECK_PORT"], got["DB_PORT"])
		}
	}
	if first["PORT"] == second["PORT"] {
		t.Errorf("both environments have the port %s", first["PORT"])
	}
}

func TestPort_is_shared_by_one_environment_at_a_time_if_the_app_ignores_its_own(t *testing.T) {
	for name, warm := range map[string]bool{"at a request": false, "ahead": true} {
		t.Run(name, func(t *testing.T) {
			f, log := newFunction(t, custom(func(c *Config) {
				c.Environment = map[string]string{"PORT": "8080", "INIT": "own-port"}
				c.MaxWait = time.Minute
			}))
			f.initLimit = time.Second // passes once, with the first port
			if warm {
				if err := f.Start(context.Background()); err != nil {
					t.Errorf("Start: %v", err)
				}
			}
			responded, _, environments := crowd(t, f, 5, `{"do":"sleep","ms":5}`, false)
			if responded != 5 || len(environments) != 1 {
				t.Errorf("%d responses of %d environments, want 5 of 1", responded, len(environments))
			}
			if log.count("one environment at a time") != 1 {
				t.Error("the log doesn't say that there is one environment at a time")
			}
		})
	}
}

func TestPort_of_the_adapters_default_is_replaced_too(t *testing.T) {
	f, _ := newFunction(t, custom(func(c *Config) { c.Environment = map[string]string{"AWS_LWA_INVOKE_MODE": "response_stream"} }))
	got := environ(t, f)
	if port := got["PORT"]; port == "" || port == "8080" || got["AWS_LWA_PORT"] != port {
		t.Errorf("PORT %q, AWS_LWA_PORT %q", got["PORT"], got["AWS_LWA_PORT"])
	}
}

func TestPool_lets_requests_wait_for_the_environment_that_warms_up(t *testing.T) {
	f, _ := newFunction(t, custom(func(c *Config) { c.Environment = map[string]string{"INIT": "slow"} }))
	var started sync.WaitGroup
	started.Go(func() {
		if err := f.Start(context.Background()); err != nil {
			t.Error(err)
		}
	})
	eventually(t, "the environment starts", func() bool { f.mu.Lock(); defer f.mu.Unlock(); return len(f.environments) == 1 })
	if response, _ := invoke(t, f, `{"do":"echo"}`); response.Environment != "Greeter#1" || !response.Cold {
		t.Errorf("got a response of %s, cold %v, want the first environment, cold: the request waited for its start", response.Environment, response.Cold)
	}
	if response, _ := invoke(t, f, `{"do":"echo"}`); response.Environment != "Greeter#1" || response.Cold {
		t.Errorf("got a response of %s, cold %v, want the same environment, warm", response.Environment, response.Cold)
	}
	started.Wait()
}
