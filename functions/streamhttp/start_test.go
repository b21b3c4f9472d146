package streamhttp

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"
)

// startOrdinary runs an ordinary server until the test ends and returns its URL.
func startOrdinary(t *testing.T, handler http.Handler) string {
	t.Helper()
	listener, err := listen("", "0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	served := make(chan error, 1)
	go func() { served <- serveUntil(ctx, listener, handler) }()
	t.Cleanup(func() {
		http.DefaultClient.CloseIdleConnections()
		cancel()
		if err := <-served; err != nil {
			t.Error(err)
		}
	})
	return "http://" + listener.Addr().String()
}

func TestServer_does_what_original_host_does(t *testing.T) {
	url := startOrdinary(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for name := range r.Header {
			if strings.Contains(name, "_") {
				io.WriteString(w, name+"|")
			}
		}
		if got := strings.Join(r.Header["X-Forwarded-Host"], ","); got != r.Host {
			io.WriteString(w, "X-Forwarded-Host "+got+"|")
		}
		io.WriteString(w, r.Header.Get("X-Original-Host")+"|"+strings.Join(r.Header["X-Original-Authorization"], ","))
	}))
	for authorization, want := range map[string]string{"": "www.example.com|", "Bearer own": "www.example.com|Bearer own"} {
		request, _ := http.NewRequest("GET", url, nil)
		request.Host = "www.example.com"
		request.Header.Set("X-Original-Host", "evil.example")
		request.Header.Set("X-Original-Authorization", "Bearer forged")
		request.Header["X-Forwarded-Host"] = []string{"evil.example", "worse.example"}
		request.Header["X_Original_Host"] = []string{"evil.example"}
		request.Header["x_original_authorization"] = []string{"Bearer forged"}
		if authorization != "" {
			request.Header.Set("Authorization", authorization)
		}
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		got, _ := io.ReadAll(response.Body)
		response.Body.Close()
		if string(got) != want {
			t.Errorf("the handler sees %q, want %q", got, want)
		}
	}
}

func TestServer_waits_for_running_requests(t *testing.T) {
	listener, err := listen("", "0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	served := make(chan error, 1)
	release := make(chan struct{})
	go func() {
		served <- serveUntil(ctx, listener, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			io.WriteString(w, "first")
			w.(http.Flusher).Flush()
			<-release
			io.WriteString(w, " last")
		}))
	}()
	response, err := http.Get("http://" + listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	stop()
	close(release)
	body, err := io.ReadAll(response.Body)
	if string(body) != "first last" || err != nil {
		t.Errorf("the running request got %q (%v), want all of it", body, err)
	}
	if err := <-served; err != nil {
		t.Errorf("the server returned %v, want nil", err)
	}
}

func TestServer_reports_a_broken_listener(t *testing.T) {
	listener, err := listen("", "0")
	if err != nil {
		t.Fatal(err)
	}
	listener.Close()
	if err := serveUntil(context.Background(), listener, nil); !errors.Is(err, net.ErrClosed) {
		t.Errorf("error is %v, want net.ErrClosed", err)
	}
}

func TestListen_explains_an_address_it_cannot_use(t *testing.T) {
	taken, err := listen("", "0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	_, takenPort, _ := net.SplitHostPort(taken.Addr().String())
	for _, c := range []struct{ host, port, want string }{
		{"", "http", `invalid PORT "http": set it to a number from 0 to 65535`},
		{"", "65536", `invalid PORT "65536": set it to a number`},
		{"", "-1", `invalid PORT "-1": set it to a number`},
		{"", takenPort, "127.0.0.1:" + takenPort + " is in use: set PORT to another port"},
		{"192.0.2.1", "0", "can't listen on 192.0.2.1:0 (from HOST and PORT)"},
	} {
		listener, err := listen(c.host, c.port)
		if err == nil {
			listener.Close()
			t.Errorf("%s:%s: got no error", c.host, c.port)
		} else if !strings.Contains(err.Error(), c.want) {
			t.Errorf("error is %q, want %q in it", err, c.want)
		}
	}
}

// startDemo runs the demo outside Lambda.
func startDemo(t *testing.T, port string) (*exec.Cmd, *syncBuffer) {
	t.Helper()
	log := new(syncBuffer)
	command := exec.Command(build(t, "../demo"))
	command.Stderr = log
	command.Env = append(os.Environ(), "PORT="+port, "HOST=", "AWS_LAMBDA_RUNTIME_API=")
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	return command, log
}

func TestStart_outside_Lambda_serves_until_a_signal(t *testing.T) {
	for _, signal := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM} {
		command, log := startDemo(t, "0")
		guard := time.AfterFunc(wireTimeout, func() { command.Process.Kill() })
		defer guard.Stop()
		waitFor(t, log, "\n")
		url := regexp.MustCompile(`http://127\.0\.0\.1:\d+`).FindString(log.String())
		response, err := http.Post(url+"/echo", "text/plain", strings.NewReader("hello"))
		if err != nil {
			t.Fatalf("%v; the log:\n%s", err, log)
		}
		body, _ := io.ReadAll(response.Body)
		response.Body.Close()
		http.DefaultClient.CloseIdleConnections()
		if host := response.Header.Get("X-Request-Host"); string(body) != "hello" || "http://"+host != url {
			t.Errorf("got %q for host %q, want hello for %s", body, host, url)
		}
		command.Process.Signal(signal)
		if err := command.Wait(); err != nil {
			t.Errorf("after %v the process exits with %v, want status 0:\n%s", signal, err, log)
		}
	}
}

func TestStart_outside_Lambda_exits_with_1_if_it_cannot_listen(t *testing.T) {
	command, log := startDemo(t, "nonsense")
	var exit *exec.ExitError
	if err := command.Wait(); !errors.As(err, &exit) || exit.ExitCode() != 1 {
		t.Errorf("the process exits with %v, want status 1", err)
	}
	if !strings.Contains(log.String(), `invalid PORT \"nonsense\"`) && !strings.Contains(log.String(), `invalid PORT "nonsense"`) {
		t.Errorf("the log doesn't name the problem:\n%s", log)
	}
}
