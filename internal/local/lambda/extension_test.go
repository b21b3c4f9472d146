package lambda

import (
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

func TestExtensionsAPI_registers_extensions_that_get_no_event(t *testing.T) {
	f, _, r := newFakeRuntime(t, nil)
	status, header, body := r.do("POST", "/2020-01-01/extension/register", `{"events":["INVOKE"]}`, "Lambda-Extension-Name", "quiet")
	r.want("an extension", 200, `{"functionName":"Greeter","functionVersion":"$LATEST","handler":""}`, status, body)
	id := header.Get("Lambda-Extension-Identifier")
	if len(id) != 36 {
		t.Errorf("identifier %q", id)
	}
	asked := make(chan int, 1)
	go func() {
		if response, err := http.Get(r.url + "/2020-01-01/extension/event/next"); err == nil {
			response.Body.Close()
			asked <- response.StatusCode
		}
	}()
	for _, id := range []string{"one", "two"} {
		result := r.fetch(f, id)
		r.do("POST", invocationPath+id+"/response", "done")
		if got := <-result; got.body != "done" {
			t.Errorf("got %+v", got)
		}
	}
	select {
	case status := <-asked:
		t.Errorf("the extension got a response, %d", status)
	default:
	}
}

func TestExtensions_of_layers_run_as_long_as_their_environment(t *testing.T) {
	pid := filepath.Join(t.TempDir(), "pid")
	watcher := "#!/bin/sh\necho $$ >" + pid + "\necho watches $TABLE\nexec sleep 60\n"
	dir := layer(t, map[string]string{"extensions/watcher": watcher, "extensions/lib/not-started": ""})
	f, log := newFunction(t, custom(func(c *Config) {
		c.Layers, c.Environment = []string{dir}, map[string]string{"TABLE": "orders"}
	}))
	if _, body := invoke(t, f, `{"do":"echo","text":"runs"}`); body != "runs" {
		t.Errorf("got %s", body)
	}
	eventually(t, "the extension runs", func() bool { return log.find("watches orders") != nil })
	if line := log.find("watches orders"); line["extension"] != "watcher" {
		t.Errorf("got %v", line)
	}
	line := log.find("the extensions of its layers run, and get no event")
	if line == nil || line["level"] != "WARN" || !strings.HasSuffix(line["cause"].(string), "locally: "+dir+"/extensions/watcher") {
		t.Errorf("got %v", line)
	}
	if log.find("its layers are in "+dir) == nil {
		t.Error("the log doesn't say where the layers are")
	}
	f.Close()
	content, err := os.ReadFile(pid)
	if err != nil {
		t.Fatal(err)
	}
	process, _ := strconv.Atoi(strings.TrimSpace(string(content)))
	eventually(t, "the extension has ended", func() bool { return gone(process) })
}

func TestExtension_that_ends_ends_its_environment(t *testing.T) {
	for script, want := range map[string]string{
		"#!/bin/sh\nexit 3\n":    "Extension.Crash extension watcher: exit status 3",
		"#!/no/such/shell\n\n\n": "Extension.LaunchError extension watcher: fork/exec",
	} {
		dir := layer(t, map[string]string{"extensions/watcher": script})
		f, _ := newFunction(t, custom(func(c *Config) { c.Layers = []string{dir} }))
		failure := invokeError(t, f, `{"do":"sleep","ms":5000}`)
		wantType, wantMessage, _ := strings.Cut(want, " ")
		if failure.Type != wantType || !strings.Contains(failure.Message, wantMessage) {
			t.Errorf("got %v, want %s", failure, want)
		}
	}
}
