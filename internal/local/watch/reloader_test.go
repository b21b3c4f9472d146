package watch

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/cloudfurl/cloudfurl/internal/fault"
)

// synthesize stands in for a CDK app: it writes the handler's text into a template,
// or a compile error. It notes when it begins and ends, and takes as many seconds
// as the file "slow" says.
const synthesize = `
pause=$(cat slow 2>/dev/null)
echo begin >> runs
sleep ${pause:-0}
if grep -q broken handler.txt; then
	echo "handler.txt:1:1: undefined: broken" >&2
	exit 1
fi
mkdir $CDK_OUTDIR
cp handler.txt $CDK_OUTDIR/S.template.json
echo '{}' > $CDK_OUTDIR/manifest.json
echo end >> runs
`

// A running is a reloader that runs until the test ends.
type running struct {
	*Reloader

	ended  chan error
	stop   context.CancelFunc
	mu     sync.Mutex
	opened []*fakeVersion

	rejected atomic.Int32 // how often Open failed
}

// start runs a reloader of an app whose handler has a text. Its versions respond
// with the template of the stack S. One that holds "rejected" can't be opened.
func start(t *testing.T, text string) (*running, string, *record) {
	t.Helper()
	dir, log := t.TempDir(), new(record)
	write(t, dir, "handler.txt", text, "synth.sh", synthesize, "cdk.json", `{"app": "sh synth.sh", "watch": {"include": ["*.txt"]}}`)
	logger := log.logger()
	app, err := NewApp(dir, "", nil, logger)
	if err != nil {
		t.Fatal(err)
	}
	p := &running{ended: make(chan error, 1)}
	p.Reloader = &Reloader{
		App:      app,
		Versions: NewVersions(time.Minute, logger),
		Log:      logger,
		Open: func(_ context.Context, dir string) (Version, error) {
			data, err := os.ReadFile(filepath.Join(dir, "S.template.json"))
			if err != nil {
				return nil, err
			}
			if strings.Contains(string(data), "rejected") {
				p.rejected.Add(1)
				return nil, fault.At(filepath.Join(dir, "S.template.json"), fault.New("mend it", "the template is rejected"))
			}
			p.mu.Lock()
			defer p.mu.Unlock()
			p.opened = append(p.opened, &fakeVersion{text: strings.TrimSpace(string(data))})
			return p.opened[len(p.opened)-1], nil
		},
	}
	ctx, cancel := context.WithCancel(context.Background())
	p.stop = cancel
	go func() { p.ended <- p.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err, ok := <-p.ended; ok && err != nil {
			t.Errorf("Run = %v", err)
		}
		p.Versions.Close()
		if err := p.Cleanup(); err != nil {
			t.Error(err)
		}
		if _, err := os.Stat(p.temp); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("%s was left behind", p.temp)
		}
		for i, version := range p.opened {
			if n := version.closed.Load(); n != 1 {
				t.Errorf("version %d, %q, was closed %d times, want once", i, version.text, n)
			}
		}
	})
	return p, dir, log
}

// serves waits until the newest version responds with text.
func (p *running) serves(t *testing.T, text string) {
	t.Helper()
	var code int
	var body string
	eventually(t, func() bool {
		code, body = get(p.Versions)
		return code == http.StatusOK && body == text
	}, func() string { return fmt.Sprintf("%q, got %d %q", text, code, body) })
}

func TestReloader_serves_a_changed_app(t *testing.T) {
	p, dir, log := start(t, "first")
	p.serves(t, "first")
	write(t, dir, "handler.txt", "second")
	p.serves(t, "second")
	log.waitFor(t, "reloaded in")
	log.waitFor(t, "s: handler.txt")
	p.mu.Lock()
	defer p.mu.Unlock()
	for i, version := range p.opened {
		eventually(t, func() bool { return version.warmed.Load() == 1 }, func() string { return fmt.Sprint("version ", i, " to be warm") })
	}
}

func TestReloader_shows_a_compile_error_and_keeps_serving(t *testing.T) {
	p, dir, log := start(t, "first")
	p.serves(t, "first")
	write(t, dir, "handler.txt", "broken")
	log.waitFor(t, `cause="handler.txt:1:1: undefined: broken" hint="correct that`)
	log.waitFor(t, "not reloaded, still serving the version of")
	p.serves(t, "first")
	write(t, dir, "handler.txt", "first")
	log.waitFor(t, "the stacks are unchanged")
	p.serves(t, "first")
	write(t, dir, "handler.txt", "second")
	p.serves(t, "second")
}

func TestReloader_waits_for_an_app_that_is_broken_at_first(t *testing.T) {
	p, dir, log := start(t, "broken")
	log.waitFor(t, "the app can't be served yet")
	if code, body := get(p.Versions); code != http.StatusServiceUnavailable || !strings.Contains(body, "handler.txt:1:1: undefined: broken") {
		t.Errorf("got %d %q, want 503 with the reason", code, body)
	}
	write(t, dir, "handler.txt", "repaired")
	p.serves(t, "repaired")
}

func TestReloader_starts_over_when_sources_change_meanwhile(t *testing.T) {
	p, dir, log := start(t, "first")
	p.serves(t, "first")
	write(t, dir, "slow", "5", "handler.txt", "second")
	eventually(t, func() bool { return runs(t, dir, "begin") == 2 }, func() string { return "the second run" })
	if err := os.Remove(filepath.Join(dir, "slow")); err != nil {
		t.Fatal(err)
	}
	write(t, dir, "handler.txt", "third", "other.txt", "")
	p.serves(t, "third")
	log.waitFor(t, "s: handler.txt, other.txt")
	if begun, ended := runs(t, dir, "begin"), runs(t, dir, "end"); begun != 3 || ended != 2 {
		t.Errorf("%d runs began and %d ended, want 3 and 2: the second was to be canceled", begun, ended)
	}
}

func TestReloader_ends_while_an_app_runs(t *testing.T) {
	p, dir, _ := start(t, "first")
	p.serves(t, "first")
	write(t, dir, "slow", "300", "handler.txt", "second")
	eventually(t, func() bool { return runs(t, dir, "begin") == 2 }, func() string { return "the second run" })
	p.stop()
	select {
	case err := <-p.ended:
		if err != nil {
			t.Error(err)
		}
		close(p.ended)
	case <-time.After(patience):
		t.Error("the reloader did not end")
	}
}

// runs counts the lines that runs of the app wrote.
func runs(t *testing.T, dir, line string) int {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(dir, "runs"))
	if err != nil {
		t.Fatal(err)
	}
	return strings.Count(string(data), line+"\n")
}

func TestReloader_shows_the_error_of_an_assembly_once_and_keeps_serving(t *testing.T) {
	p, dir, log := start(t, "first")
	p.serves(t, "first")
	rejectedAgain := func(how string, files ...string) {
		before := p.rejected.Load()
		write(t, dir, files...)
		eventually(t, func() bool { return p.rejected.Load() > before }, func() string { return "Open to fail " + how })
	}
	rejectedAgain("at first", "handler.txt", "rejected")
	log.waitFor(t, `cause="cdk.out/S.template.json: the template is rejected" hint="mend it"`)
	rejectedAgain("with another file", "other.txt", "1")
	rejectedAgain("with another template", "handler.txt", "rejected again")
	p.serves(t, "first")
	write(t, dir, "handler.txt", "second")
	p.serves(t, "second")
	if n := strings.Count(log.String(), "the template is rejected"); n != 1 {
		t.Errorf("the error was shown %d times, want once:\n%s", n, log)
	}
}

func TestDigest_changes_with_the_files_and_links_of_an_assembly(t *testing.T) {
	digest := func(files ...string) string {
		dir := t.TempDir()
		write(t, dir, files...)
		for name, target := range map[string]string{"asset.1/linked": ".", "asset.1/dangling": "nowhere"} {
			if err := os.Symlink(target, filepath.Join(dir, name)); err != nil {
				t.Fatal(err)
			}
		}
		return digestOf(dir)
	}
	first := digest("S.template.json", "{}", "asset.1/bootstrap", "program")
	if first == "" || digest("S.template.json", "{}", "asset.1/bootstrap", "program") != first {
		t.Error("the digest depends on more than the files")
	}
	for name, files := range map[string][]string{
		"a template": {"S.template.json", "{ }", "asset.1/bootstrap", "program"},
		"an asset":   {"S.template.json", "{}", "asset.1/bootstrap", "other"},
		"a name":     {"S.template.json", "{}", "asset.1/main", "program"},
	} {
		if digest(files...) == first {
			t.Errorf("the digest doesn't change with %s", name)
		}
	}
}

func TestReloader_lists_few_changes(t *testing.T) {
	for want, names := range map[string]string{"": "", ": a": "a", ": a, b, c": "c b a", ": a, b, c and 2 more": "e d c b a"} {
		r := &Reloader{changed: map[string]bool{}}
		for _, name := range strings.Fields(names) {
			r.changed[name] = true
		}
		if got := r.describe(); got != want {
			t.Errorf("for %s got %q, want %q", names, got, want)
		}
	}
}
