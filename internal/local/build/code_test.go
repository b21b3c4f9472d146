package build

import (
	"archive/zip"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/cloudfurl/cloudfurl/internal/local/assembly"
)

const inlineFunction = `{"Type":"AWS::Lambda::Function"}`

func TestCodeDirectory_writes_inline_code_where_the_handler_looks_for_it(t *testing.T) {
	newDir := func(string) (string, error) { return t.TempDir(), nil }
	for runtime, file := range map[string]string{"nodejs22.x": "index.js", "nodejs24.x": "index.js", "python3.13": "index.py"} {
		dir, err := codeDirectory(resource(t, inlineFunction), codeProperties{ZipFile: "the code"}, runtime, newDir)
		if err != nil {
			t.Fatal(err)
		}
		if got := readText(t, filepath.Join(dir, file)); got != "the code" {
			t.Errorf("%s: got %q in %s", runtime, got, file)
		}
	}
	_, err := codeDirectory(resource(t, inlineFunction), codeProperties{ZipFile: "the code"}, "provided.al2023", newDir)
	wantError(t, err, "App/R, Code.ZipFile: supports only Node.js and Python, not provided.al2023", "use an asset")
	_, err = codeDirectory(resource(t, inlineFunction), codeProperties{}, "nodejs22.x", newDir)
	wantError(t, err, "neither S3Key nor ZipFile")
}

func TestCodeDirectory_finds_assets_by_their_keys(t *testing.T) {
	dir := siteAssembly(t, func(object) {})
	archive := filepath.Join(dir, "asset.b2.zip")
	writeZip(t, archive, map[string]string{"bin/bootstrap": "run me"})
	cloud, err := assembly.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	newDir := func(string) (string, error) { return t.TempDir(), nil }
	stack := *cloud.Stacks[0]
	stack.Template = object{"Resources": object{"R": object{"Type": "AWS::Lambda::Function"}}}
	r := onlyResource(t, &stack)
	code, err := codeDirectory(r, codeProperties{S3Key: "a1.zip"}, "provided.al2023", newDir)
	if err != nil || code != filepath.Join(dir, "asset.a1") {
		t.Errorf("a directory: got %s, %v", code, err)
	}
	_, err = codeDirectory(r, codeProperties{S3Key: "nothing.zip"}, "provided.al2023", newDir)
	wantError(t, err, "nothing.zip", "a1.zip")
}

func TestUnzip_unpacks_files_directories_and_modes(t *testing.T) {
	archive := filepath.Join(t.TempDir(), "a.zip")
	target, err := os.Create(archive)
	if err != nil {
		t.Fatal(err)
	}
	w := zip.NewWriter(target)
	for name, mode := range map[string]fs.FileMode{"bootstrap": 0o755, "a/b/c.txt": 0o644, "empty/": fs.ModeDir | 0o755, "unreadable": 0o000, "link": fs.ModeSymlink | 0o777} {
		header := &zip.FileHeader{Name: name, Method: zip.Deflate}
		header.SetMode(mode)
		part, err := w.CreateHeader(header)
		if err != nil {
			t.Fatal(err)
		}
		if !mode.IsDir() {
			if _, err := part.Write([]byte("in " + name)); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	target.Close()
	dir := t.TempDir()
	if err := unzip(archive, dir); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"bootstrap", "a/b/c.txt", "unreadable"} {
		if got := readText(t, filepath.Join(dir, name)); got != "in "+name {
			t.Errorf("%s: got %q", name, got)
		}
	}
	if link, err := os.Readlink(filepath.Join(dir, "link")); err != nil || link != "in link" {
		t.Errorf("the link leads to %q, %v", link, err)
	}
	if info, err := os.Stat(filepath.Join(dir, "bootstrap")); err != nil || info.Mode().Perm()&0o100 == 0 {
		t.Errorf("bootstrap cannot be executed: %v, %v", info.Mode(), err)
	}
	if info, err := os.Stat(filepath.Join(dir, "unreadable")); err != nil || info.Mode().Perm()&0o400 == 0 {
		t.Errorf("a file that the archive lets nobody read stays that way: %v, %v", info.Mode(), err)
	}
	if info, err := os.Stat(filepath.Join(dir, "empty")); err != nil || !info.IsDir() {
		t.Errorf("the empty directory is missing: %v", err)
	}
}

func TestUnzip_writes_nothing_outside_the_directory(t *testing.T) {
	for _, name := range []string{"../out.txt", "a/../../out.txt", "/out.txt"} {
		parent := t.TempDir()
		archive, dir := filepath.Join(parent, "a.zip"), filepath.Join(parent, "dir")
		writeZip(t, archive, map[string]string{name: "out"})
		if err := os.Mkdir(dir, 0o755); err != nil {
			t.Fatal(err)
		}
		if err := unzip(archive, dir); err != nil {
			t.Error(err)
		}
		if _, err := os.Stat(filepath.Join(parent, "out.txt")); !os.IsNotExist(err) {
			t.Errorf("%s was written outside: %v", name, err)
		}
	}
}

func TestUnzip_rejects_a_file_that_is_not_an_archive(t *testing.T) {
	file := filepath.Join(t.TempDir(), "a.zip")
	if err := os.WriteFile(file, []byte("text"), 0o644); err != nil {
		t.Fatal(err)
	}
	wantError(t, unzip(file, t.TempDir()), "not a valid zip file")
}
