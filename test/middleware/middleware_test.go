// Package middleware tests functions/middleware in Python and Node.js, and that the
// examples have copies of it.
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

// sources is the directory of the middleware.
var sources = filepath.Join("..", "..", "functions", "middleware")

func TestMiddleware_for_WSGI(t *testing.T) { runPython(t, "wsgi_test.py") }

func TestMiddleware_for_ASGI(t *testing.T) { runPython(t, "asgi_test.py") }

func TestMiddleware_for_Express(t *testing.T) {
	run(t, "# pass 9\n", "node", "--test", "--test-reporter=tap", "express.test.mjs")
}

func runPython(t *testing.T, file string) {
	t.Helper()
	if _, err := exec.LookPath("python3"); err != nil {
		t.Skip("there is no python3 in PATH")
	}
	run(t, "\nOK\n", "python3", file)
}

// run runs a program, whose output has to have a summary.
func run(t *testing.T, summary, name string, args ...string) {
	t.Helper()
	command := exec.Command(name, args...)
	command.Env = append(os.Environ(), "MIDDLEWARE="+sources, "PYTHONDONTWRITEBYTECODE=1")
	output, err := command.CombinedOutput()
	if err != nil || !strings.Contains(string(output), summary) {
		t.Errorf("%s: got %v, want success and %q\n%s", name, err, summary, output)
	}
}

func TestMiddleware_names_headers_as_the_edge_functions_do(t *testing.T) {
	want := []string{strings.ToLower(contract.HeaderOriginalAuthorization), strings.ToLower(contract.HeaderOriginalHost)}
	literals := regexp.MustCompile(`['"](?:HTTP_X|x)[-_](?i:original)[-_]\w+['"]`)
	for _, name := range []string{"wsgi.py", "asgi.py", "express.mjs"} {
		var got []string
		for _, literal := range literals.FindAllString(string(read(t, filepath.Join(sources, name))), -1) {
			header := strings.ToLower(strings.ReplaceAll(strings.Trim(literal, `'"`), "_", "-"))
			got = append(got, strings.TrimPrefix(header, "http-"))
		}
		slices.Sort(got)
		if got = slices.Compact(got); !slices.Equal(got, want) {
			t.Errorf("%s: got %v, want %v", name, got, want)
		}
	}
}

// copies are the apps with middleware, and whose.
var copies = map[string]string{
	"datasette/app/behind_cloudfront.py":    "asgi.py",
	"express/app/behind-cloudfront.mjs":     "express.mjs",
	"fastapi-sse/app/behind_cloudfront.py":  "asgi.py",
	"flask-image/app/behind_cloudfront.py":  "wsgi.py",
	"flask-stream/app/behind_cloudfront.py": "wsgi.py",
	"mangum/app/behind_cloudfront.py":       "asgi.py",
}

// An app's directory has all of its files, so that it can be copied.
func TestExamples_have_the_middleware_as_it_is_here(t *testing.T) {
	examples := filepath.Join("..", "..", "examples")
	found, err := filepath.Glob(filepath.Join(examples, "*", "app", "behind?cloudfront.*"))
	if err != nil || len(found) != len(copies) {
		t.Errorf("got copies %v (%v), want %d", found, err, len(copies))
	}
	for file, source := range copies {
		path := filepath.Join(examples, filepath.FromSlash(file))
		if !bytes.Equal(read(t, path), read(t, filepath.Join(sources, source))) {
			t.Errorf("%s differs: run cp functions/middleware/%s examples/%s", path, source, file)
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
