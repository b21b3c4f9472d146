// Package middleware tests functions/middleware in Python, and that the apps that use it
// have copies of it.
package middleware

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/cloudfurl/cloudfurl/internal/contract"
)

var (
	root   = filepath.Join("..", "..")
	source = filepath.Join(root, "functions", "middleware", "asgi.py")
)

func TestMiddleware_for_ASGI(t *testing.T) {
	if _, err := exec.LookPath("python3"); err != nil {
		t.Skip("there is no python3 in PATH")
	}
	command := exec.Command("python3", "asgi_test.py")
	command.Env = append(os.Environ(), "MIDDLEWARE="+filepath.Dir(source), "PYTHONDONTWRITEBYTECODE=1")
	if output, err := command.CombinedOutput(); err != nil || !strings.Contains(string(output), "\nOK\n") {
		t.Errorf("got %v, want success and OK\n%s", err, output)
	}
}

func TestMiddleware_names_headers_as_the_edge_functions_do(t *testing.T) {
	want := []string{strings.ToLower(contract.HeaderOriginalAuthorization), strings.ToLower(contract.HeaderOriginalHost)}
	var got []string
	for _, literal := range regexp.MustCompile(`"x-original-[\w-]+"`).FindAllString(string(read(t, source)), -1) {
		got = append(got, strings.Trim(literal, `"`))
	}
	slices.Sort(got)
	if got = slices.Compact(got); !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// An app's directory has all of its files, so that it can be copied.
func TestMiddleware_is_the_same_in_all_apps(t *testing.T) {
	var copies []string
	for _, pattern := range []string{"examples/*/app", "test/frameworks/apps/*"} {
		found, err := filepath.Glob(filepath.Join(root, filepath.FromSlash(pattern), "behind_cloudfront.py"))
		if err != nil {
			t.Fatal(err)
		}
		copies = append(copies, found...)
	}
	if len(copies) != 4 {
		t.Errorf("got copies %v, want four", copies)
	}
	for _, path := range copies {
		if !bytes.Equal(read(t, path), read(t, source)) {
			t.Errorf("%s differs: run cp functions/middleware/asgi.py %s", path, strings.TrimPrefix(path, root+string(filepath.Separator)))
		}
	}
}

func read(t *testing.T, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}
