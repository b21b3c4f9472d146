package watch

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

const assetsOfOne = `{"files": {"11aa": {"source": {"path": "asset.11aa"}}, "33cc": {"source": {"path": "asset.33cc.zip"}}}}`

// assembly writes an assembly with two assets that it uses and two of before.
func assembly(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "cdk.out")
	write(t, dir,
		"manifest.json", "{}", "S.template.json", "{}", "S.assets.json", assetsOfOne, "tree.json", "{}", "cdk.out", "{}",
		"asset.11aa/bootstrap", "program", "asset.11aa/lib/data.txt", "data", "asset.22bb/bootstrap", "before", "asset.33cc.zip", "zip",
		"assembly-Beta/manifest.json", "{}", "assembly-Beta/T.assets.json", `{"files": {"44dd": {"source": {"path": "../asset.44dd"}}}}`,
		"asset.44dd/index.js", "handler", "asset.55ee.zip", "before")
	return dir
}

// take copies the assembly as versions are served from it.
func take(t *testing.T, dir string) (string, error) {
	t.Helper()
	source, err := NewDirectory(dir)
	if err != nil {
		t.Fatal(err)
	}
	return source.Prepare(timeout(t), t.TempDir())
}

func TestDirectory_copies_what_the_edge_reads(t *testing.T) {
	dir := assembly(t)
	copied, err := take(t, dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	content, err := contentOf(copied)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for name := range content {
		got = append(got, name)
	}
	slices.Sort(got)
	want := []string{
		"S.assets.json", "S.template.json", "assembly-Beta/T.assets.json", "assembly-Beta/manifest.json",
		"asset.11aa/bootstrap", "asset.11aa/lib/data.txt", "asset.33cc.zip", "asset.44dd/index.js", "manifest.json",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
	if mode := content["asset.11aa/bootstrap"].Mode(); mode&0o100 == 0 {
		t.Errorf("the copy of an executable has mode %v", mode)
	}
	if _, err := os.Stat(filepath.Join(copied, "asset.22bb")); err == nil {
		t.Error("an asset that nothing uses was copied")
	}
}

func TestDirectory_is_served_in_place_if_assets_are_elsewhere(t *testing.T) {
	dir := assembly(t)
	write(t, dir, "S.assets.json", `{"files": {"11aa": {"source": {"path": "../handler"}}}}`)
	if got, err := take(t, dir); err != nil || got != dir {
		t.Errorf("got %s, %v; want the directory itself", got, err)
	}
}

func TestDirectory_without_manifest_has_vanished(t *testing.T) {
	dir := assembly(t)
	os.Remove(filepath.Join(dir, "manifest.json"))
	if _, err := take(t, dir); !errors.Is(err, errVanished) {
		t.Errorf("got %v, want errVanished", err)
	}
	if _, err := take(t, filepath.Join(dir, "tree.json")); !errors.Is(err, errVanished) {
		t.Errorf("a file in place of the directory: got %v, want errVanished", err)
	}
}

func TestDirectory_waits_for_a_CLI_that_writes_it(t *testing.T) {
	dir := assembly(t)
	lock := filepath.Join(dir, synthLock)
	// This process plays the CLI.
	write(t, dir, synthLock, strconv.Itoa(os.Getpid()))
	taken := make(chan error, 1)
	go func() {
		_, err := take(t, dir)
		taken <- err
	}()
	select {
	case err := <-taken:
		t.Fatalf("got %v while the assembly was written", err)
	case <-time.After(2 * settlePoll):
	}
	os.Remove(lock)
	if err := <-taken; err != nil {
		t.Error(err)
	}
	write(t, dir, synthLock, "99999999")
	if _, err := take(t, dir); err != nil {
		t.Errorf("the lock of a process that has ended: %v", err)
	}
}

func TestDigest_changes_with_what_the_edge_reads_only(t *testing.T) {
	dir := assembly(t)
	first := digestOf(dir)
	write(t, dir, "asset.22bb/bootstrap", "other", "tree.json", "[]", "S.metadata.txt", "")
	if first == "" || digestOf(dir) != first {
		t.Error("the digest changed with files that nothing reads")
	}
	for _, name := range []string{"asset.11aa/bootstrap", "asset.33cc.zip", "S.template.json", "assembly-Beta/manifest.json"} {
		before := digestOf(dir)
		write(t, dir, name, `{"changed": true}`)
		if digestOf(dir) == before {
			t.Errorf("the digest did not change with %s", name)
		}
	}
}

func TestList_is_short(t *testing.T) {
	for want, names := range map[string]string{"": "", ": a": "a", ": a, b, c": "c b a", ": a, b, c and 2 more": "e d c b a"} {
		if got := list(strings.Fields(names)); got != want {
			t.Errorf("list(%s) = %q, want %q", names, got, want)
		}
	}
}
