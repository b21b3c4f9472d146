package bundle

import (
	"crypto/sha512"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// npmApp writes an app whose packages are archives of its own: a program, and a
// package with one for each machine.
func npmApp(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	packages := map[string]any{
		"": map[string]any{"name": "app", "version": "1.0.0", "dependencies": map[string]string{"native": "file:vendor/native.tgz", "tool": "file:vendor/tool.tgz"},
			"devDependencies": map[string]string{"linter": "1.0.0"}},
		"node_modules/linter": map[string]any{"version": "1.0.0", "resolved": "https://registry.example.com/linter/-/linter-1.0.0.tgz", "dev": true},
	}
	add := func(name string, more map[string]any, files map[string]string) {
		manifest := map[string]any{"name": name, "version": "1.0.0"}
		maps.Copy(manifest, more)
		text, err := json.Marshal(manifest)
		if err != nil {
			t.Fatal(err)
		}
		files["package.json"] = string(text)
		tarball(t, filepath.Join(dir, "vendor", name+".tgz"), files)
		locked := map[string]any{"version": "1.0.0", "resolved": "file:vendor/" + name + ".tgz"}
		maps.Copy(locked, more)
		packages["node_modules/"+name] = locked
	}
	add("tool", map[string]any{"bin": map[string]string{"tool": "bin/tool.js"}, "hasInstallScript": true, "scripts": map[string]string{"install": "touch installed"}},
		map[string]string{"bin/tool.js": "#!/usr/bin/env node\nconsole.log(require('../name.js'))\n", "name.js": "module.exports = 'tool'\n"})
	optional := map[string]string{}
	for _, machine := range [][2]string{{"linux", "arm64"}, {"linux", "x64"}, {"darwin", "arm64"}} {
		name := "native-" + machine[0] + "-" + machine[1]
		optional[name] = "1.0.0"
		add(name, map[string]any{"os": []string{machine[0]}, "cpu": []string{machine[1]}, "optional": true}, map[string]string{"native.node": ""})
	}
	add("native", map[string]any{"optionalDependencies": optional}, map[string]string{})

	lock, err := json.Marshal(map[string]any{"name": "app", "version": "1.0.0", "lockfileVersion": 3, "requires": true, "packages": packages})
	if err != nil {
		t.Fatal(err)
	}
	manifest, err := json.Marshal(packages[""])
	if err != nil {
		t.Fatal(err)
	}
	write(t, dir, "package.json", string(manifest), "package-lock.json", string(lock), "server.js", "require('tool')\n")
	return dir
}

func TestApp_has_the_packages_of_npm_for_its_target(t *testing.T) {
	needs(t, "npm", "--version")
	dir := npmApp(t)
	for _, node := range []Node{{"linux", "arm64"}, {"linux", "x64"}, {"darwin", "arm64"}} {
		t.Run(node.OS+" "+node.CPU, func(t *testing.T) {
			files := contents(t, mustBundle(t, App{Dir: dir, Node: &node}))
			for _, other := range []string{"linux-arm64", "linux-x64", "darwin-arm64"} {
				_, got := files["node_modules/native-"+other+"/native.node"]
				if want := other == node.OS+"-"+node.CPU; got != want {
					t.Errorf("the package for %s is installed: %v, want %v", other, got, want)
				}
			}
			for name, want := range map[string]bool{
				"node_modules/tool/name.js": true, "server.js": true,
				"node_modules/linter": false, "node_modules/tool/installed": false, "node_modules/.package-lock.json": false,
			} {
				if _, got := files[name]; got != want {
					t.Errorf("%s is there: %v, want %v", name, got, want)
				}
			}
		})
	}
}

func TestApp_has_the_packages_of_the_registry_that_npm_is_set_to(t *testing.T) {
	needs(t, "npm", "--version")
	served := t.TempDir()
	archive := filepath.Join(served, "tool", "-", "tool-1.0.0.tgz")
	tarball(t, archive, map[string]string{"package.json": `{"name": "tool", "version": "1.0.0"}`, "index.js": ""})
	data, err := os.ReadFile(archive)
	if err != nil {
		t.Fatal(err)
	}
	registry := httptest.NewServer(http.FileServer(http.Dir(served)))
	defer registry.Close()
	t.Setenv("npm_config_registry", registry.URL)
	t.Setenv("npm_config_cache", t.TempDir())
	t.Setenv("npm_config_fetch_retries", "0")
	t.Setenv("NO_PROXY", "127.0.0.1")
	for name, sum := range map[string][64]byte{"": sha512.Sum512(data), "EINTEGRITY": sha512.Sum512(nil)} {
		dir := t.TempDir()
		write(t, dir, "package.json", `{"dependencies": {"tool": "1.0.0"}}`, "package-lock.json",
			fmt.Sprintf(`{"lockfileVersion": 3, "packages": {"": {"dependencies": {"tool": "1.0.0"}},
				"node_modules/tool": {"version": "1.0.0", "resolved": "%s/tool/-/tool-1.0.0.tgz", "integrity": "sha512-%s"}}}`,
				registry.URL, base64.StdEncoding.EncodeToString(sum[:])))
		output, err := bundled(t, App{Dir: dir, Node: &Node{"linux", "arm64"}})
		if name != "" {
			wantError(t, err, "npm couldn't install", name)
		} else if err != nil || !exists(output, filepath.Join("node_modules", "tool", "index.js")) {
			t.Errorf("got no package (%v)", err)
		}
	}
}

func TestApp_reads_packages_of_npm_with_a_byte_order_mark(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "package.json", "\ufeff"+`{"dependencies": {"tool": "1"}}`, "package-lock.json", "\ufeff"+`{"lockfileVersion": 3}`)
	if err := (&App{Dir: dir, Node: &Node{OS: "linux", CPU: "arm64"}}).Check(); err != nil {
		t.Error(err)
	}
}

func TestApp_has_programs_of_npm_that_find_their_files_in_a_zip(t *testing.T) {
	needs(t, "npm", "--version")
	needs(t, "node", "--version")
	output := mustBundle(t, App{Dir: npmApp(t), Node: &Node{"linux", "arm64"}})
	printed, err := exec.Command(filepath.Join(output, "node_modules", ".bin", "tool")).CombinedOutput()
	if err != nil || string(printed) != "tool\n" {
		t.Errorf("the program printed %q (%v), want its name", printed, err)
	}
	if got := contents(t, output)["node_modules/.bin/tool"]; got != "-r-xr-xr-x #!/bin/sh\nexec node \"${0%/*}/../tool/bin/tool.js\" \"$@\"\n" {
		t.Errorf("got program %q, want a script", got)
	}
}

func TestWarnings_name_packages_of_npm_with_install_scripts(t *testing.T) {
	got := (&App{Dir: npmApp(t), Node: &Node{"linux", "arm64"}}).Warnings()
	if len(got) != 1 {
		t.Fatalf("got warnings %v, want one", got)
	}
	wantText(t, got[0], "scripts that run when they are installed: tool. ", "ImageHandler")
}

func TestCheck_fails_for_what_npm_cannot_install(t *testing.T) {
	const manifest = `{"dependencies": {"tool": "1"}}`
	for name, test := range map[string]struct {
		files []string
		want  []string
	}{
		"no lock file":  {[]string{"package.json", manifest}, []string{"no package-lock.json", "npm install --package-lock-only"}},
		"another's":     {[]string{"package.json", manifest, "yarn.lock", ""}, []string{"no package-lock.json", "ImageHandler with another package manager"}},
		"old lock file": {[]string{"package.json", manifest, "package-lock.json", `{"lockfileVersion": 1}`}, []string{"lockfileVersion 1", "npm 7"}},
		"no JSON":       {[]string{"package.json", "{"}, []string{"package.json", "isn't JSON"}},
		"directory": {[]string{"package.json", manifest, "package-lock.json",
			`{"lockfileVersion": 3, "packages": {"node_modules/tool": {"resolved": "../tool", "link": true}}}`}, []string{"the package tool, which is a directory", "npm pack"}},
		"file elsewhere": {[]string{"package.json", manifest, "package-lock.json",
			`{"lockfileVersion": 3, "packages": {"node_modules/tool": {"resolved": "file:../tool.tgz"}}}`}, []string{"../tool.tgz, which isn't below"}},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			write(t, dir, test.files...)
			wantError(t, (&App{Dir: dir, Node: &Node{"linux", "arm64"}}).Check(), test.want...)
		})
	}
}

// Next.js and Nitro write a package.json and packages without a lock file.
func TestApp_takes_packages_without_a_lock_file_as_they_are(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "package.json", `{"dependencies": {"tool": "1"}}`, "node_modules/tool/index.js", "// as built")
	output := mustBundle(t, App{Dir: dir, Node: &Node{"linux", "arm64"}})
	if got := contents(t, output)["node_modules/tool/index.js"]; !strings.Contains(got, "// as built") {
		t.Errorf("got %q, want the package of the directory", got)
	}
}

func TestApp_says_why_npm_failed(t *testing.T) {
	dir := npmApp(t)
	node := &Node{"linux", "arm64"}
	t.Run("not there", func(t *testing.T) {
		t.Setenv("PATH", t.TempDir())
		_, err := bundled(t, App{Dir: dir, Node: node})
		wantError(t, err, "needs npm, which is not in PATH", "nodejs.org")
	})
	t.Run("no network", func(t *testing.T) {
		needs(t, "npm", "--version")
		offline := t.TempDir()
		write(t, offline, "package.json", `{"dependencies": {"tool": "1.0.0"}}`, ".npmrc", "registry=http://127.0.0.1:1/\nfetch-retries=0\n",
			"package-lock.json", `{"lockfileVersion": 3, "packages": {"": {"dependencies": {"tool": "1.0.0"}},
				"node_modules/tool": {"version": "1.0.0", "resolved": "http://127.0.0.1:1/tool.tgz"}}}`)
		_, err := bundled(t, App{Dir: offline, Node: node})
		wantError(t, err, "npm couldn't install package-lock.json of "+offline, "ECONNREFUSED")
	})
	t.Run("another lock file", func(t *testing.T) {
		// Seen: npm 11.19.
		err := (&npmPackages{node: node, dir: dir}).failure(errors.New("exit status 1"), "npm error code EUSAGE\nnpm error\nnpm error `npm ci` can only install packages when your package.json and package-lock.json are in sync.\nnpm error\nnpm error Missing: more@2.0.0 from lock file\n"+
			"npm error\nnpm error Clean install a project\nnpm error\nnpm error Usage:\nnpm error npm ci\n")
		wantError(t, err, "are in sync", "more@2.0.0")
		if strings.Contains(err.Error(), "Usage") {
			t.Errorf("got %q, want it without npm's usage", err)
		}
	})
}

func TestNodeOf_has_the_names_of_Nodejs(t *testing.T) {
	for want, machine := range map[Node][2]string{
		{"linux", "x64"}: {"linux", "amd64"}, {"linux", "arm64"}: {"linux", "arm64"},
		{"darwin", "arm64"}: {"darwin", "arm64"}, {"win32", "x64"}: {"windows", "amd64"},
	} {
		if got := *NodeOf(machine[0], machine[1]); got != want {
			t.Errorf("%v: got %v, want %v", machine, got, want)
		}
	}
}
