package runs

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/cloudfurl/cloudfurl/client"
)

// serve is the main function of a process that has a table. It ends with its stdin.
func serve() {
	table, err := NewTable()
	if err != nil {
		panic(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	fmt.Println("http://" + listener.Addr().String())
	r := New(table, &Options{Lease: 2 * time.Second})
	go http.Serve(listener, serving(r, counts(1000, 4*time.Millisecond)))
	io.Copy(io.Discard, os.Stdin)
}

// process starts this test as such a process.
func process(t *testing.T) (address string, kill func()) {
	t.Helper()
	command := exec.Command(os.Args[0])
	command.Env = append(os.Environ(), "RUNS_TEST_SERVER=yes")
	command.Stderr = os.Stderr
	stdin, err := command.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	kill = sync.OnceFunc(func() {
		command.Process.Kill()
		command.Wait()
		stdin.Close()
	})
	t.Cleanup(kill)
	line, err := bufio.NewReader(stdout).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(line), kill
}

// cutting returns the address of a proxy that cuts each response after a random number
// of bytes, up to most.
func cutting(t *testing.T, target string, most int) string {
	t.Helper()
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		request, err := http.NewRequestWithContext(r.Context(), r.Method, target+r.URL.Path, r.Body)
		if err != nil {
			panic(err)
		}
		request.Header = r.Header
		response, err := http.DefaultTransport.RoundTrip(request)
		if err != nil {
			panic(http.ErrAbortHandler)
		}
		defer response.Body.Close()
		w.Header().Set("Content-Type", response.Header.Get("Content-Type"))
		w.WriteHeader(response.StatusCode)
		left := 300 + rand.N(most)
		for piece := make([]byte, 512); ; {
			n, err := response.Body.Read(piece)
			w.Write(piece[:min(n, left)])
			http.NewResponseController(w).Flush()
			if left -= n; left <= 0 {
				panic(http.ErrAbortHandler)
			}
			if err != nil {
				return
			}
		}
	}))
	t.Cleanup(proxy.Close)
	t.Cleanup(http.DefaultTransport.(*http.Transport).CloseIdleConnections)
	return proxy.URL
}

// subscribe reads a run until the server says that there is no more. read is called
// for each event.
func subscribe(ctx context.Context, method, url, lastEventID string, read func(client.Event)) error {
	request, err := http.NewRequestWithContext(ctx, method, url, nil)
	if err != nil {
		return err
	}
	request.Header.Set("X-User", "Ada")
	for event, err := range client.Subscribe(request, &client.SubscribeOptions{LastEventID: lastEventID, MaxDelay: 100 * time.Millisecond, MaxAttempts: 100}) {
		if err != nil {
			return err
		}
		read(event)
	}
	return nil
}

func collect(all *[]client.Event) func(client.Event) {
	return func(event client.Event) { *all = append(*all, event) }
}

func TestRuns_lose_nothing_and_double_nothing_over_cuts_reloads_and_slow_readers(t *testing.T) {
	database(t)
	starter, _ := process(t)
	other, _ := process(t) // another execution environment
	first := make(chan string, 1)
	var posted, second, slow, reloaded []client.Event
	errs := make(chan error, 4)
	go func() {
		once := sync.OnceFunc(func() { first <- posted[0].ID })
		errs <- subscribe(t.Context(), http.MethodPost, cutting(t, starter, 20000)+"/ask", "", func(event client.Event) {
			posted = append(posted, event)
			once()
		})
	}()
	run := strings.TrimSuffix(<-first, ".1")
	go func() { // a second tab
		errs <- subscribe(t.Context(), http.MethodGet, cutting(t, other, 15000)+"/ask/"+run, "", collect(&second))
	}()
	go func() {
		errs <- subscribe(t.Context(), http.MethodGet, other+"/ask/"+run, "", func(event client.Event) {
			time.Sleep(time.Millisecond)
			slow = append(slow, event)
		})
	}()
	go func() { // a page that is reloaded now and then, and remembers what it has shown
		for {
			ctx, reload := context.WithTimeout(t.Context(), 300*time.Millisecond)
			lastID := ""
			if n := len(reloaded); n > 0 {
				lastID = reloaded[n-1].ID
			}
			err := subscribe(ctx, http.MethodGet, other+"/ask/"+run, lastID, collect(&reloaded))
			reload()
			if err == nil || t.Context().Err() != nil {
				errs <- err
				return
			}
		}
	}()
	for range 4 {
		if err := <-errs; err != nil {
			t.Fatal(err)
		}
	}
	for name, all := range map[string][]client.Event{"who asked": posted, "a second tab": second, "a slow reader": slow, "after reloads": reloaded} {
		t.Run(name, func(t *testing.T) { check(t, all, 1, 1000) })
	}
}

func TestRuns_say_that_their_function_was_killed(t *testing.T) {
	database(t)
	starter, kill := process(t)
	other, _ := process(t)
	var all []client.Event
	request, err := http.NewRequest(http.MethodPost, starter+"/ask", nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("X-User", "Ada")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	for event, err := range client.Events(response.Body, nil) {
		if err != nil {
			break
		}
		if all = append(all, event); len(all) == 300 {
			kill()
		}
	}
	// What was sent, but not written yet, is in the viewer's memory only.
	if err := subscribe(t.Context(), http.MethodGet, other+"/ask/"+runOf(t, all[0]), all[199].ID, collect(&all)); err != nil {
		t.Fatal(err)
	}
	final := all[len(all)-1]
	if final.Type != "run_failed" || !strings.Contains(final.Data, "the run's function died: ask again") {
		t.Errorf("got %+v", final)
	}
	resumed := all[300:]
	for i, event := range all {
		if strings.HasSuffix(event.ID, ".201") && i >= 300 {
			resumed = all[i : len(all)-1]
			break
		}
	}
	check(t, resumed, 201, 200+len(resumed))
	if len(resumed) < 20 {
		t.Errorf("got %d events after the 200th of 300", len(resumed))
	}
}
