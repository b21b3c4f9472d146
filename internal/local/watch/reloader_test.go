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
)

// synthesize plays a CDK app: it writes what the handler says into a template,
// or the words of a compiler. It notes when it begins and when it ends, takes as
// long as the file "slow" says, and leaves a file open if "leave" exists.
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

// A played is a reloader that runs until the test ends.
type played struct {
	*Reloader

	ended  chan error
	stop   context.CancelFunc
	mu     sync.Mutex
	opened []*fakeVersion

	refused atomic.Int32 // how often Open refused
}

// play runs a reloader whose versions answer with the template of the stack S.
// One that holds "refused" cannot be opened.
func play(t *testing.T, source Source, log *record, patient bool) *played {
	t.Helper()
	p := &played{ended: make(chan error, 1)}
	logger := log.logger()
	p.Reloader = &Reloader{
		Source:   source,
		Versions: NewVersions(time.Minute, logger),
		Patient:  patient,
		Log:      logger,
		Open: func(dir string) (Version, error) {
			data, err := os.ReadFile(filepath.Join(dir, "S.template.json"))
			if err != nil {
				return nil, err
			}
			if strings.Contains(string(data), "refused") {
				p.refused.Add(1)
				return nil, fmt.Errorf("%s: the template is refused", dir)
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
		if err, ok := <-p.ended; ok && err != nil && patient {
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
	return p
}

// serves waits until the newest version answers with text.
func (p *played) serves(t *testing.T, text string) {
	t.Helper()
	var code int
	var body string
	eventually(t, func() bool {
		code, body = get(p.Versions)
		return code == http.StatusOK && body == text
	}, func() string { return fmt.Sprintf("%q, got %d %q", text, code, body) })
}

// playApp plays an app whose handler says text.
func playApp(t *testing.T, text string) (*played, string, *record) {
	t.Helper()
	dir, log := t.TempDir(), new(record)
	write(t, dir, "handler.txt", text, "synth.sh", synthesize, "cdk.json", `{"app": "sh synth.sh", "watch": {"include": ["*.txt"]}}`)
	app, err := NewApp(dir, "", nil, log.logger())
	if err != nil {
		t.Fatal(err)
	}
	return play(t, app, log, true), dir, log
}

func TestReloader_serves_a_changed_app(t *testing.T) {
	p, dir, log := playApp(t, "first")
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

func TestReloader_shows_a_compile_error_and_serves_on(t *testing.T) {
	p, dir, log := playApp(t, "first")
	p.serves(t, "first")
	write(t, dir, "handler.txt", "broken")
	log.waitFor(t, `level=ERROR msg="handler.txt:1:1: undefined: broken" source=app`)
	log.waitFor(t, "serves on until that is repaired")
	p.serves(t, "first")
	write(t, dir, "handler.txt", "first")
	log.waitFor(t, "the stacks are the same")
	p.serves(t, "first")
	write(t, dir, "handler.txt", "second")
	p.serves(t, "second")
}

func TestReloader_waits_for_an_app_that_is_broken_at_first(t *testing.T) {
	p, dir, log := playApp(t, "broken")
	log.waitFor(t, "there is nothing to serve until that is repaired")
	if code, body := get(p.Versions); code != http.StatusServiceUnavailable || !strings.Contains(body, "did not synthesize") {
		t.Errorf("got %d %q, want 503 with the reason", code, body)
	}
	write(t, dir, "handler.txt", "repaired")
	p.serves(t, "repaired")
}

func TestReloader_begins_anew_when_sources_change_meanwhile(t *testing.T) {
	p, dir, log := playApp(t, "first")
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
		t.Errorf("%d runs began and %d ended, want 3 and 2: the second was to be cancelled", begun, ended)
	}
}

func TestReloader_ends_while_an_app_runs(t *testing.T) {
	p, dir, _ := playApp(t, "first")
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

// playDirectory plays an assembly whose template says text.
func playDirectory(t *testing.T, text string) (*played, string, *record) {
	t.Helper()
	dir, log := filepath.Join(t.TempDir(), "cdk.out"), new(record)
	write(t, dir, "manifest.json", "{}", "S.template.json", text)
	source, err := NewDirectory(dir)
	if err != nil {
		t.Fatal(err)
	}
	return play(t, source, log, false), dir, log
}

func TestReloader_follows_an_assembly(t *testing.T) {
	p, dir, log := playDirectory(t, "first")
	p.serves(t, "first")
	write(t, dir, "S.template.json", "second")
	p.serves(t, "second")
	log.waitFor(t, "s: S.template.json")
}

func TestReloader_shows_the_error_of_an_assembly_once_and_serves_on(t *testing.T) {
	p, dir, log := playDirectory(t, "first")
	p.serves(t, "first")
	refusedAgain := func(how string, files ...string) {
		before := p.refused.Load()
		write(t, dir, files...)
		eventually(t, func() bool { return p.refused.Load() > before }, func() string { return "Open to refuse " + how })
	}
	refusedAgain("at first", "S.template.json", "refused")
	log.waitFor(t, "cdk.out: the template is refused")
	refusedAgain("with another file", "tree.json", "[1]")
	refusedAgain("another template", "S.template.json", "refused again")
	p.serves(t, "first")
	write(t, dir, "S.template.json", "second")
	p.serves(t, "second")
	if n := strings.Count(log.String(), "the template is refused"); n != 1 {
		t.Errorf("the error was shown %d times, want once:\n%s", n, log)
	}
}

func TestReloader_serves_on_while_the_assembly_is_gone(t *testing.T) {
	p, dir, log := playDirectory(t, "first")
	p.serves(t, "first")
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	log.waitFor(t, "cdk.out has vanished: the version of")
	p.serves(t, "first")
	write(t, dir, "S.template.json", "first", "manifest.json", "{}")
	log.waitFor(t, "the stacks are the same")
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	write(t, dir, "S.template.json", "second", "manifest.json", "{}")
	p.serves(t, "second")
	if n := strings.Count(log.String(), "has vanished"); n < 1 || n > 2 {
		t.Errorf("it was said %d times that the assembly is gone:\n%s", n, log)
	}
}

func TestReloader_without_an_assembly_at_first_is_an_error(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "cdk.out")
	source, err := NewDirectory(dir)
	if err != nil {
		t.Fatal(err)
	}
	p := play(t, source, new(record), false)
	if err := <-p.ended; !errors.Is(err, os.ErrNotExist) {
		t.Errorf("Run = %v, want what Open says", err)
	}
	close(p.ended)
}
