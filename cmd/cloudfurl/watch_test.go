package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"
)

// patience is how long tests wait for what has to come.
const patience = 20 * time.Second

// A session is "cloudfurl local", running until the test ends.
type session struct {
	stdout, stderr output
	client         http.Client
	url, host      string
}

// An output may be read while it is written.
type output struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String()
}

// startLocal runs the command until it serves a function URL.
func startLocal(t *testing.T, args ...string) *session {
	t.Helper()
	s := new(session)
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan int, 1)
	go func() {
		ended <- run(ctx, append([]string{"local", "--listen", "127.0.0.1:0"}, args...), &s.stdout, &s.stderr)
	}()
	t.Cleanup(func() {
		s.client.CloseIdleConnections()
		cancel()
		if code := <-ended; code != 0 {
			t.Errorf("the command ended with code %d", code)
		}
		goleak.VerifyNone(t)
		if t.Failed() {
			t.Logf("stdout:\n%s\nstderr:\n%s", &s.stdout, &s.stderr)
		}
	})
	s.client.Transport = new(http.Transport)
	address := regexp.MustCompile(`http://([a-z0-9.-]+\.localhost):(\d+)/`)
	s.wait(t, "the address of a function URL", func() bool { return address.MatchString(s.stdout.String()) })
	found := address.FindStringSubmatch(s.stdout.String())
	s.host, s.url = found[1], "http://127.0.0.1:"+found[2]+"/"
	return s
}

// wait waits for a condition.
func (s *session) wait(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for begin := time.Now(); !holds(); time.Sleep(10 * time.Millisecond) {
		if time.Since(begin) > patience {
			t.Fatalf("waited %s for %s", patience, what)
		}
	}
}

// waitFor waits until the log says something.
func (s *session) waitFor(t *testing.T, what string) {
	t.Helper()
	s.wait(t, "the log to say "+what, func() bool { return strings.Contains(s.stderr.String(), what) })
}

// get returns what the function URL answers.
func (s *session) get() string {
	request, err := http.NewRequest(http.MethodGet, s.url, nil)
	if err != nil {
		return err.Error()
	}
	request.Host = s.host
	response, err := s.client.Do(request)
	if err != nil {
		return err.Error()
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusOK {
		return fmt.Sprintf("%s %q %v", response.Status, body, err)
	}
	return string(body)
}

// template returns the template of testdata/assembly with a handler that answers
// with text, after the statements before.
func template(t *testing.T, before, text string) string {
	t.Helper()
	data, err := os.ReadFile("testdata/assembly/Open.template.json")
	if err != nil {
		t.Fatal(err)
	}
	return strings.Replace(string(data), "return {statusCode: 200, body: 'version 1'};", before+"return {statusCode: 200, body: '"+text+"'};", 1)
}

func writeFile(t *testing.T, path, content string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
}

// watchedApp makes the current directory one of an app that synthesizes app.json.
// It returns the path of a file that gets the app's context.
func watchedApp(t *testing.T, template string) string {
	t.Helper()
	assembly, err := filepath.Abs("testdata/assembly")
	if err != nil {
		t.Fatal(err)
	}
	context := filepath.Join(t.TempDir(), "context")
	t.Chdir(t.TempDir())
	writeFile(t, "cdk.json", `{"app": "sh app.sh `+assembly+`", "context": {"stage": "test"}}`)
	writeFile(t, "app.sh", `
grep -q '^undefined' app.json && echo "app.json:1: undefined" >&2 && exit 1
cp -R "$1" "$CDK_OUTDIR" && cp app.json "$CDK_OUTDIR/Open.template.json"
echo "$CDK_CONTEXT_JSON" > `+context)
	writeFile(t, "app.json", template)
	return context
}

func TestLocal_watch_serves_each_version_without_losing_a_request(t *testing.T) {
	versions := []string{
		template(t, "await new Promise(done => setTimeout(done, 300)); ", "version 1"),
		template(t, "", "version 2"),
		template(t, "", "version 3"),
	}
	watchedApp(t, versions[0])
	s := startLocal(t, "--watch")

	answered := regexp.MustCompile(`^version [123]$`)
	var stop atomic.Bool
	var asking sync.WaitGroup
	end := func() {
		stop.Store(true)
		asking.Wait()
	}
	defer end()
	for range 4 {
		asking.Go(func() {
			for !stop.Load() {
				if got := s.get(); !answered.MatchString(got) {
					t.Errorf("got %s, want the response of a version", got)
					return
				}
			}
		})
	}
	for i, template := range versions {
		writeFile(t, "app.json", template)
		want := fmt.Sprint("version ", i+1)
		s.wait(t, want, func() bool { return s.get() == want })
	}
	end()
	if n := strings.Count(s.stdout.String(), "function URL"); n != 1 {
		t.Errorf("the addresses were printed %d times, want once, as they are the same", n)
	}
	s.waitFor(t, ": app.json")
}

func TestLocal_watch_runs_the_app_again_and_shows_compile_errors(t *testing.T) {
	first, second, other := template(t, "", "version 1"), template(t, "", "version 2"), template(t, "", "version 3")
	seen := watchedApp(t, first)
	s := startLocal(t, "--watch", "--context", "size=small")
	if got := s.get(); got != "version 1" {
		t.Errorf("got %s, want version 1", got)
	}
	for _, want := range []string{`"stage":"test"`, `"size":"small"`} {
		if context, err := os.ReadFile(seen); err != nil || !strings.Contains(string(context), want) {
			t.Errorf("got the context %s (%v), want %s in it", context, err, want)
		}
	}
	writeFile(t, "app.json", second)
	s.wait(t, "version 2", func() bool { return s.get() == "version 2" })
	writeFile(t, "app.json", "undefined")
	s.waitFor(t, "cause  app.json:1: undefined")
	s.waitFor(t, "not reloaded, still serving the version of")
	if got := s.get(); got != "version 2" {
		t.Errorf("got %s while the app did not compile, want version 2", got)
	}
	// The addresses of a function URL follow its name.
	writeFile(t, "app.json", strings.ReplaceAll(other, `"Url"`, `"Address"`))
	s.wait(t, "new addresses", func() bool { return strings.Count(s.stdout.String(), "function URL") == 2 })
}

// pnpm links the directories of node_modules. A copy of the assembly would lose
// them; CDK's own staging keeps them.
func TestLocal_watch_serves_assets_with_links_and_reloads_them(t *testing.T) {
	assembly, err := filepath.Abs("testdata/assembly")
	if err != nil {
		t.Fatal(err)
	}
	inline := regexp.MustCompile(`"Code": \{.*\}`).ReplaceAllString(template(t, "", ""), `"Code": {"S3Bucket": "assets", "S3Key": "11aa.zip"}`)
	t.Chdir(t.TempDir())
	writeFile(t, "cdk.json", `{"app": "sh app.sh `+assembly+`"}`)
	writeFile(t, "app.sh", `
cp -R "$1" "$CDK_OUTDIR" && cp app.json "$CDK_OUTDIR/Open.template.json" && cp assets.json "$CDK_OUTDIR/Open.assets.json" &&
cp manifest.json "$CDK_OUTDIR/manifest.json" && cp -R handler "$CDK_OUTDIR/asset.11aa" && echo 1 > "$CDK_OUTDIR/synth.lock"`)
	writeFile(t, "manifest.json", `{"version": "54.0.0", "artifacts": {
		"Open.assets": {"type": "cdk:asset-manifest", "properties": {"file": "Open.assets.json"}},
		"Open": {"type": "aws:cloudformation:stack", "environment": "aws://111122223333/eu-west-1", "properties": {"templateFile": "Open.template.json"}, "dependencies": ["Open.assets"]}}}`)
	writeFile(t, "assets.json", `{"version": "54.0.0", "files": {"11aa": {"source": {"path": "asset.11aa", "packaging": "zip"},
		"destinations": {"here": {"bucketName": "assets", "objectKey": "11aa.zip"}}}}}`)
	writeFile(t, "app.json", inline)
	if err := os.MkdirAll("handler/store/words", 0o755); err != nil {
		t.Fatal(err)
	}
	writeFile(t, "handler/store/words/index.js", "exports.text = 'linked 1';")
	writeFile(t, "handler/index.js", "exports.handler = async () => ({statusCode: 200, body: require('./words').text});")
	for name, target := range map[string]string{"words": "store/words", "dangling": "nowhere", "loop": "."} {
		if err := os.Symlink(target, filepath.Join("handler", name)); err != nil {
			t.Fatal(err)
		}
	}
	s := startLocal(t, "--watch")
	s.wait(t, "linked 1", func() bool { return s.get() == "linked 1" })
	writeFile(t, "handler/store/words/index.js", "exports.text = 'linked 2';")
	s.wait(t, "linked 2", func() bool { return s.get() == "linked 2" })
}
