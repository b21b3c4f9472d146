package shapes

import (
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/cloudfurl/cloudfurl/internal/fault"
	"github.com/cloudfurl/cloudfurl/internal/local"
	"github.com/cloudfurl/cloudfurl/internal/local/build"
)

func TestKeyValueStore_can_be_read_from_a_file(t *testing.T) {
	dir := shape("Behavior")
	write := func(content string) string {
		file := filepath.Join(t.TempDir(), "routes.json")
		if err := os.WriteFile(file, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
		return file
	}
	openError := func(store, content string) string {
		_, err := local.Source{Assembly: dir}.Open(build.Options{KeyValueStores: map[string]string{store: write(content)}}, slog.New(slog.DiscardHandler))
		if err == nil {
			t.Fatalf("got no error for the store %s with %s", store, content)
		}
		return err.Error() + "; " + fault.HintOf(err)
	}
	unknown := openError("Other", `{"data":[]}`)
	known := regexp.MustCompile(`use one of .*\b(Routes\w*)`).FindStringSubmatch(unknown)
	if known == nil || !strings.Contains(unknown, "Other") {
		t.Fatalf("got %q, want it to name the unknown store and the known ones", unknown)
	}
	if got := openError(known[1], `{"routes":`); !strings.Contains(got, "routes.json") || !strings.Contains(got, `{"data":[`) {
		t.Errorf("got %q, want it to name the file and the format", got)
	}

	file := write(`{"data":[{"key":"cats","value":"/lions"}]}`)
	e := serveWith(t, dir, build.Options{KeyValueStores: map[string]string{known[1]: file}})
	if saw := read[seen](t, e.get(t, "/routes/cats")); saw.Path != "/lions" {
		t.Errorf("got path %s, want the file's /lions", saw.Path)
	}
}
