package shapes

import (
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/cloudfurl/cloudfurl/internal/local"
	"github.com/cloudfurl/cloudfurl/internal/local/build"
)

func TestKeyValueStore_may_be_read_from_a_file(t *testing.T) {
	dir := shape("Behavior")
	write := func(content string) string {
		file := filepath.Join(t.TempDir(), "routes.json")
		if err := os.WriteFile(file, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
		return file
	}
	refusal := func(store, content string) string {
		_, err := local.Open(dir, build.Options{KeyValueStores: map[string]string{store: write(content)}}, slog.New(slog.DiscardHandler))
		if err == nil {
			t.Fatalf("got no error for the store %s with %s", store, content)
		}
		return err.Error()
	}
	unknown := refusal("Other", `{"data":[]}`)
	known := regexp.MustCompile(`known: .*\b(Routes\w*)`).FindStringSubmatch(unknown)
	if known == nil || !strings.Contains(unknown, "Other") {
		t.Fatalf("got %q, want it to name the unknown store and those that are known", unknown)
	}
	if got := refusal(known[1], `{"routes":`); !strings.Contains(got, "routes.json") || !strings.Contains(got, `{"data":[`) {
		t.Errorf("got %q, want it to name the file and the form", got)
	}

	file := write(`{"data":[{"key":"cats","value":"/lions"}]}`)
	e := serveBy(t, dir, build.Options{KeyValueStores: map[string]string{known[1]: file}})
	if said := read[seen](t, e.get(t, "/routes/cats")); said.Path != "/lions" {
		t.Errorf("got path %s, want the file's /lions", said.Path)
	}
}
