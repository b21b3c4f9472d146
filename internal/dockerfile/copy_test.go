package dockerfile

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// context writes files to a directory that an image is built from.
func context(t *testing.T, files ...string) string {
	t.Helper()
	dir := t.TempDir()
	for _, name := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestSource_finds_what_COPY_brings(t *testing.T) {
	dir := context(t, "app.py", "run.sh", "src/main.py", "src/static/a.css", "conf/prod.json", "requirements.txt")
	tests := map[string]struct {
		instructions string
		want         map[string]string // by path in the image; "-" if nothing brings it
	}{
		"everything": {"WORKDIR /app\nCOPY requirements.txt ./\nCOPY . .", map[string]string{
			"/app": ".", "/app/app.py": "app.py", "/app/src/static": "src/static", "/app/none": "-", "/etc": "-"}},
		"a directory": {"WORKDIR /app\nCOPY src/ ./\nCOPY run.sh .", map[string]string{
			"/app": "src", "/app/main.py": "src/main.py", "/app/run.sh": "run.sh", "/app/app.py": "-", "/app/src/main.py": "-"}},
		"files by name":                      {"COPY app.py run.sh /srv/", map[string]string{"/srv": ".", "/srv/run.sh": "run.sh", "/srv/requirements.txt": "-"}},
		"a new name":                         {"COPY conf/prod.json /etc/app.json", map[string]string{"/etc/app.json": "conf/prod.json", "/etc": "-"}},
		"a file below an existing directory": {"WORKDIR /app\nCOPY app.py /app", map[string]string{"/app": ".", "/app/app.py": "app.py"}},
		"a wildcard":                         {"COPY *.py src/*.py /srv/", map[string]string{"/srv/app.py": "app.py", "/srv/main.py": "src/main.py", "/srv/none": "-"}},
		"a list":                             {"COPY [\"src\", \"/code dir\"]", map[string]string{"/code dir/main.py": "src/main.py"}},
		"the later one":                      {"COPY . /app\nCOPY conf/prod.json /app/app.py", map[string]string{"/app/app.py": "conf/prod.json"}},
		"out of the context":                 {"COPY ../../etc /x", map[string]string{"/x/passwd": "-"}},
		"here-documents and downloads":       {"COPY <<EOF /x\nx\nEOF\nADD https://example.com/src /y", map[string]string{"/x": "-", "/y": "-"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			check(t, mustParse(t, "FROM alpine\n"+test.instructions), dir, test.want)
		})
	}
}

func TestSource_follows_stages(t *testing.T) {
	dir := context(t, "src/main.py", "server.js")
	image := mustParse(t, `
FROM node AS base
WORKDIR /app
COPY server.js ./
FROM base AS test
COPY server.js /test.js
FROM base
COPY src lib
COPY --from=test /test.js /from.js
COPY --from=test /app/server.js /usr/bin/
COPY --from=TEST /app /all
COPY --from=test / /root
COPY --from=alpine /etc /app/etc
`)
	check(t, image, dir, map[string]string{
		"/app": ".", "/app/server.js": "server.js", "/app/lib": "src", "/app/lib/main.py": "src/main.py", "/app/src": "-",
		"/test.js": "-", "/from.js": "server.js", "/usr/bin/server.js": "server.js", "/all": ".", "/all/server.js": "server.js",
		"/root/app/server.js": "server.js", "/root/test.js": "server.js", "/app/etc/passwd": "-",
	})
}

func check(t *testing.T, image *Image, dir string, want map[string]string) {
	t.Helper()
	for path, source := range want {
		got, ok := image.Source(dir, path)
		rel := filepath.ToSlash(strings.TrimPrefix(got, dir))
		rel = strings.TrimPrefix(rel, "/")
		if rel == "" {
			rel = "."
		}
		if !ok {
			rel = "-"
		}
		if rel != source {
			t.Errorf("%s comes from %s, want %s", path, rel, source)
		}
	}
}
