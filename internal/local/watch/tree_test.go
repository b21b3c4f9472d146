package watch

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/cloudfurl/cloudfurl/internal/fault"
)

// watched watches a directory until the test ends.
func watched(t *testing.T, root string) *tree {
	t.Helper()
	keep := func(path string, isDir bool) bool { return isDir || filepath.Ext(path) == ".go" }
	watching, err := newTree(root, keep, new(record).logger())
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() { watching.run(ctx) })
	t.Cleanup(func() {
		cancel()
		running.Wait()
	})
	return watching
}

// next returns the next changes, as names below the root.
func (t *tree) next(test *testing.T) []string {
	test.Helper()
	select {
	case paths := <-t.changes:
		if len(paths) == 0 {
			return t.next(test)
		}
		var names []string
		for _, path := range paths {
			name, err := filepath.Rel(t.root, path)
			if err != nil {
				test.Fatal(err)
			}
			names = append(names, name)
		}
		return names
	case <-time.After(patience):
		test.Fatal("nothing was reported")
		return nil
	}
}

// until returns the changes up to those that name is one of, as names below the
// root.
func (t *tree) until(test *testing.T, name string) []string {
	test.Helper()
	var all []string
	for !slices.Contains(all, name) {
		all = append(all, t.next(test)...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

func TestTree_reports_changes_together_once_it_is_quiet(t *testing.T) {
	root := t.TempDir()
	write(t, root, "a.go", "1", "b.go", "1", "c.txt", "1", "removed.go", "1")
	watching := watched(t, root)
	// If the machine is so busy that it was quiet between two writes, another attempt
	// counts.
	var got []string
	for attempt := range 5 {
		begin := time.Now()
		for i := range 3 {
			content := fmt.Sprint(attempt, i)
			write(t, root, "a.go", content, "b.go", content, "c.txt", content)
			time.Sleep(quiet / 10)
		}
		conclusive := time.Since(begin) < quiet
		if got = watching.next(t); conclusive {
			break
		}
	}
	if diff := cmp.Diff([]string{"a.go", "b.go"}, got); diff != "" {
		t.Errorf("changes (-want +got):\n%s", diff)
	}
	if err := os.Remove(filepath.Join(root, "removed.go")); err != nil {
		t.Fatal(err)
	}
	watching.until(t, "removed.go")
}

func TestTree_reports_no_file_that_came_and_went(t *testing.T) {
	root := t.TempDir()
	write(t, root, "a.go", "1")
	watching := watched(t, root)
	var got []string
	for attempt := range 5 {
		begin := time.Now()
		write(t, root, "4913.go", "", "saved.go", fmt.Sprint(attempt))
		if err := os.Remove(filepath.Join(root, "4913.go")); err != nil {
			t.Fatal(err)
		}
		if err := os.Rename(filepath.Join(root, "saved.go"), filepath.Join(root, "a.go")); err != nil {
			t.Fatal(err)
		}
		conclusive := time.Since(begin) < quiet
		if got = watching.next(t); conclusive {
			break
		}
	}
	if diff := cmp.Diff([]string{"a.go"}, got); diff != "" {
		t.Errorf("changes (-want +got):\n%s", diff)
	}
}

func TestTree_reports_files_in_new_directories(t *testing.T) {
	root := t.TempDir()
	watching := watched(t, root)
	write(t, root, "new/deep/a.go", "1")
	if diff := cmp.Diff([]string{"new/deep/a.go"}, watching.next(t)); diff != "" {
		t.Errorf("changes (-want +got):\n%s", diff)
	}
	write(t, root, "new/deep/b.go", "1")
	if diff := cmp.Diff([]string{"new/deep/b.go"}, watching.next(t)); diff != "" {
		t.Errorf("changes (-want +got):\n%s", diff)
	}
	outside := t.TempDir()
	if err := os.Rename(filepath.Join(root, "new", "deep"), filepath.Join(outside, "deep")); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"new/deep"}, watching.next(t)); diff != "" {
		t.Errorf("changes (-want +got):\n%s", diff)
	}
}

func TestTree_watches_the_replacement_of_a_moved_directory(t *testing.T) {
	root, outside := t.TempDir(), t.TempDir()
	write(t, root, "h/sub/a.go", "1")
	watching := watched(t, root)
	if err := os.Rename(filepath.Join(root, "h"), filepath.Join(outside, "h")); err != nil {
		t.Fatal(err)
	}
	watching.until(t, "h")
	write(t, outside, "h/sub/a.go", "2")
	write(t, root, "here.go", "1")
	if diff := cmp.Diff([]string{"here.go"}, watching.until(t, "here.go")); diff != "" {
		t.Errorf("changes, one of them outside the root (-want +got):\n%s", diff)
	}
	write(t, root, "h/sub/a.go", "3")
	watching.until(t, "h/sub/a.go")
	write(t, root, "h/sub/b.go", "1")
	watching.until(t, "h/sub/b.go")
}

func TestTree_ignores_a_file_written_with_the_same_content(t *testing.T) {
	root := t.TempDir()
	write(t, root, "a.go", "1", "b.go", "1")
	watching := watched(t, root)
	replace(t, root, "a.go", "2")
	watching.next(t)
	replace(t, root, "a.go", "2")
	replace(t, root, "b.go", "2")
	if diff := cmp.Diff([]string{"b.go"}, watching.next(t)); diff != "" {
		t.Errorf("changes (-want +got):\n%s", diff)
	}
}

// replace gives a file its content in one step, so that no reader sees half of it.
func replace(t *testing.T, root, name, content string) {
	t.Helper()
	write(t, root, name+".new", content)
	if err := os.Rename(filepath.Join(root, name+".new"), filepath.Join(root, name)); err != nil {
		t.Fatal(err)
	}
}

func TestTree_keeps_changes_until_they_are_taken(t *testing.T) {
	root := t.TempDir()
	watching := watched(t, root)
	write(t, root, "a.go", "1")
	time.Sleep(3 * quiet) // so that a.go is to be reported when b.go changes
	write(t, root, "b.go", "1")
	if diff := cmp.Diff([]string{"a.go", "b.go"}, watching.until(t, "b.go")); diff != "" {
		t.Errorf("changes (-want +got):\n%s", diff)
	}
}

func TestWatchError_says_how_to_raise_the_limit(t *testing.T) {
	err := watchError("/app", syscall.ENOSPC)
	if got := fault.HintOf(err); !strings.HasPrefix(err.Error(), "/app: can't watch") || !strings.Contains(got, "fs.inotify.max_user_watches") {
		t.Errorf("got %q, hint %q", err, got)
	}
	if got := fault.HintOf(watchError("/app", syscall.EMFILE)); !strings.Contains(got, "max_user_instances") && !strings.Contains(got, "ulimit") {
		t.Errorf("got the hint %q", got)
	}
}

func TestTree_watches_a_directory_that_is_moved_over_another(t *testing.T) {
	root, outside := t.TempDir(), t.TempDir()
	if err := os.Mkdir(filepath.Join(root, "h"), 0o755); err != nil {
		t.Fatal(err)
	}
	write(t, outside, "h/a.go", "1")
	watching := watched(t, root)
	if err := syscall.Rename(filepath.Join(outside, "h"), filepath.Join(root, "h")); err != nil {
		t.Fatal(err)
	}
	watching.until(t, "h/a.go")
	write(t, root, "h/b.go", "1")
	watching.until(t, "h/b.go")
}
