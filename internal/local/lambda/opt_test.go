package lambda

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// layer returns the directory of a layer whose files are executable.
func layer(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := code(t, files)
	for name := range files {
		if err := os.Chmod(filepath.Join(dir, name), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestLayers_are_merged_and_later_ones_win(t *testing.T) {
	first := layer(t, map[string]string{"bin/tool": "first", "data/a": "first a", "was-file": "x", "was-dir/x": "x"})
	second := layer(t, map[string]string{"bin/tool": "second", "data/b": "second b", "was-file/x": "y"})
	outside := filepath.Join(t.TempDir(), "outside")
	for name, link := range map[string]string{filepath.Join(first, "etc"): filepath.Dir(outside), filepath.Join(second, "was-dir"): "data", filepath.Join(second, "tool"): "bin/tool"} {
		if err := os.Symlink(link, name); err != nil {
			t.Fatal(err)
		}
	}
	third := layer(t, map[string]string{"etc/outside": "inside"})
	if err := os.Chmod(filepath.Join(third, "etc/outside"), 0o640); err != nil {
		t.Fatal(err)
	}
	dir, err := mergeLayers([]string{first, second, third})
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(dir)
	for name, want := range map[string]string{
		"bin/tool": "second", "data/a": "first a", "data/b": "second b", "was-file/x": "y", "was-dir/b": "second b", "tool": "second", "etc/outside": "inside",
	} {
		if content, err := os.ReadFile(filepath.Join(dir, name)); err != nil || string(content) != want {
			t.Errorf("%s: %q, %v, want %q", name, content, err, want)
		}
	}
	if info, err := os.Lstat(filepath.Join(dir, "tool")); err != nil || info.Mode()&fs.ModeSymlink == 0 {
		t.Errorf("tool is no link: %v %v", info, err)
	}
	if info, err := os.Stat(filepath.Join(dir, "etc/outside")); err != nil || info.Mode().Perm() != 0o640 {
		t.Errorf("the mode isn't kept: %v %v", info, err)
	}
	if _, err := os.Stat(outside); err == nil {
		t.Error("a layer wrote through the link of another")
	}
}

func TestLayers_are_seen_by_the_handler(t *testing.T) {
	f, _ := newFunction(t, custom(func(c *Config) {
		c.Layers = []string{layer(t, map[string]string{"data": "first", "bin/tool": ""}), layer(t, map[string]string{"data": "second"})}
		c.Environment = map[string]string{"DATA": "/opt/data", "BOTH": "a:/opt/bin:/optional --require=/opt/x"}
	}))
	got := environ(t, f)
	if _, body := invoke(t, f, `{"do":"read","text":"`+got["DATA"]+`"}`); body != "second" {
		t.Errorf("read %q at %s", body, got["DATA"])
	}
	opt := strings.TrimSuffix(got["DATA"], "/data")
	if opt != f.opt.dir || got["BOTH"] != "a:"+opt+"/bin:/optional --require="+opt+"/x" || got["LD_LIBRARY_PATH"] != opt+"/lib" ||
		!strings.HasSuffix(got["PATH"], ":"+opt+"/bin") {
		t.Errorf("BOTH %s, LD_LIBRARY_PATH %s, PATH %s", got["BOTH"], got["LD_LIBRARY_PATH"], got["PATH"])
	}
	f.Close()
	if _, err := os.Stat(f.opt.dir); err == nil {
		t.Errorf("%s is still there", f.opt.dir)
	}
}

func TestLayers_have_the_bootstrap_of_a_runtime(t *testing.T) {
	runtime := layer(t, map[string]string{"bootstrap": ""})
	os.Remove(filepath.Join(runtime, "bootstrap"))
	if err := os.Link(filepath.Join(handlerDir, "bootstrap"), filepath.Join(runtime, "bootstrap")); err != nil {
		t.Fatal(err)
	}
	f, _ := newFunction(t, custom(func(c *Config) { c.Layers, c.CodeDir = []string{runtime}, t.TempDir() }))
	if _, body := invoke(t, f, `{"do":"echo","text":"from a layer"}`); body != "from a layer" {
		t.Errorf("got %s", body)
	}
}

func TestLayers_have_modules_of_Python(t *testing.T) {
	need(t, "python3")
	config := managed("python3.11", "index.handler", code(t, map[string]string{
		"index.py": "import deep, flat, both\ndef handler(event, context):\n    return [deep.word, flat.word, both.word]\n",
		"both.py":  "word = 'code'\n",
	}))
	config.Layers = []string{code(t, map[string]string{
		"python/flat.py": "word = 'flat'\n", "python/both.py": "word = 'layer'\n",
		"python/lib/python3.11/site-packages/deep.py": "word = 'deep'\n",
	})}
	f, _ := newFunction(t, config)
	if _, body := invoke(t, f, `{}`); body != `["deep", "flat", "code"]` {
		t.Errorf("got %s", body)
	}
}

func TestLayers_have_modules_of_Node(t *testing.T) {
	need(t, "node")
	config := managed("nodejs22.x", "/opt/wrapped.handler", code(t, map[string]string{"unused.js": ""}))
	config.Layers = []string{code(t, map[string]string{
		"wrapped.js":                               "exports.handler = async () => [require('deep'), require('flat')]\n",
		"nodejs/node_modules/flat/index.js":        "module.exports = 'flat'\n",
		"nodejs/node22/node_modules/deep/index.js": "module.exports = 'deep'\n",
	})}
	f, _ := newFunction(t, config)
	if _, body := invoke(t, f, `{}`); body != `["deep","flat"]` {
		t.Errorf("got %s", body)
	}
}
