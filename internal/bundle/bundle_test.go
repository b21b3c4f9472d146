package bundle

import (
	"os"
	"path/filepath"
	"testing"
)

func TestApp_wins_over_files_of_its_packages(t *testing.T) {
	wheels(t, tool("py3-none-any", "of the package"))
	cache := Cache{Dir: t.TempDir()}
	plainApp, changed := t.TempDir(), t.TempDir()
	write(t, plainApp, "requirements.txt", "tool==1.0\n")
	write(t, changed, "requirements.txt", "tool==1.0\n", "tool/native.so", "of the app")

	files := contents(t, mustBundle(t, App{Dir: changed, Python: arm64, Cache: cache}))
	if got := files["tool/native.so"]; got != "-rw-r--r-- of the app" {
		t.Errorf("got %q, want the app's file", got)
	}
	if files["tool/__init__.py"] == "" {
		t.Error("got none of the package's other files")
	}
	files = contents(t, mustBundle(t, App{Dir: plainApp, Python: arm64, Cache: cache}))
	if got := files["tool/native.so"]; got != "-r--r--r-- of the package" {
		t.Errorf("got %q from the cache, want the package's file", got)
	}
	entries, err := os.ReadDir(cache.Dir)
	if err != nil || len(entries) != 1 {
		t.Errorf("got cache entries %v (%v), want one for both apps", entries, err)
	}
}

func TestApp_fails_if_a_file_has_the_name_of_a_package(t *testing.T) {
	wheels(t, tool("py3-none-any", "native"))
	dir := t.TempDir()
	write(t, dir, "requirements.txt", "tool==1.0\n", "tool", "a file")
	_, err := bundled(t, App{Dir: dir, Python: arm64})
	wantError(t, err, "the app's file tool can't take the place of what a package has")
}

func TestApp_fails_if_a_file_has_the_name_of_its_start_script(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "start.sh", "")
	_, err := bundled(t, App{Dir: dir, Script: &Script{"start.sh", "#!/bin/sh\n"}})
	wantError(t, err, "a file start.sh, which is the name of the script", "rename")
	if _, err := os.Stat(filepath.Join(dir, "start.sh")); err != nil {
		t.Error(err)
	}
}
