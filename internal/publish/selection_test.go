package publish

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cloudfurl/cloudfurl/internal/localtest/filetest"
)

// write writes files, given as names and contents, below a directory.
var write = filetest.Write

// link makes a symbolic link.
func link(t *testing.T, target, dir, name string) {
	t.Helper()
	if err := os.Symlink(filepath.FromSlash(target), filepath.Join(dir, filepath.FromSlash(name))); err != nil {
		t.Skipf("needs symbolic links: %v", err)
	}
}

// paths returns the paths of a selection.
func paths(selection *Selection) (names []string) {
	for _, file := range selection.Files {
		names = append(names, file.Path)
	}
	slices.Sort(names)
	return names
}

// selected returns the paths that rules select, and the warnings.
func selected(t *testing.T, dir string, rules Rules) (names []string, warnings string) {
	t.Helper()
	selection, err := Select(dir, rules)
	if err != nil {
		t.Fatal(err)
	}
	return paths(selection), strings.Join(selection.Warnings(), "\n")
}

// pemKey is the beginning of a private key, and certificate that of what anybody may
// read.
const (
	pemKey      = "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASC\n"
	certificate = "-----BEGIN CERTIFICATE-----\nMIIDdzCCAl+gAwIBAgIEAgAAuTANBgkq\n"
)

// traps makes a directory with what must not leave this machine beside what may.
func traps(t *testing.T) string {
	t.Helper()
	root := t.TempDir()
	dir := filepath.Join(root, "app")
	write(t, root, "outside/secret.txt", "outside", "outside/sub/deep.txt", "outside")
	write(t, dir,
		"index.html", "page", "app.py", "app", "assets/a.js", "script", "ca.pem", certificate, "slides.key", "PK\x03\x04", "id_rsa.pub", "ssh-rsa AAAA",
		".well-known/security.txt", "Contact:", ".well-known/.hidden", "",
		".streamlit/config.toml", "", ".next/BUILD_ID", "1",
		".env", "TOKEN=1", ".env.production", "TOKEN=1", "sub/.ENV.local", "TOKEN=1", ".git/config", "[remote]", "sub/.git/HEAD", "ref",
		".npmrc", "//registry.example.com/:_authToken=npm_1", ".aws/credentials", "[default]", ".ssh/id_rsa", pemKey, ".netrc", "machine",
		"key.pem", pemKey, "sub/server.key", pemKey, "id_rsa", pemKey, "store.p12", "\x30\x82",
		"index.html~", "", "#index.html#", "", "a.js.swp", "", "config.bak", "", ".DS_Store", "", "cdk.out/manifest.json", "{}",
		".venv/bin/python", "", "sub/__pycache__/a.pyc", "",
	)
	link(t, "../outside/secret.txt", dir, "leak.txt")
	link(t, "../../outside", dir, "sub/shared")
	link(t, "/etc/passwd", dir, "passwd")
	link(t, ".env", dir, "env.txt")
	link(t, ".git", dir, "history")
	link(t, "sub/server.key", dir, "renamed.key")
	link(t, "assets/a.js", dir, "b.js")
	link(t, "assets", dir, "scripts")
	link(t, "user@host.1:2", dir, ".#index.html")
	return dir
}

func TestSelect_leaves_out_of_a_site_what_nobody_may_read(t *testing.T) {
	dir := traps(t)
	names, warnings := selected(t, dir, Rules{Site: true})
	want := []string{".well-known/security.txt", "app.py", "assets/a.js", "b.js", "ca.pem", "id_rsa.pub", "index.html", "scripts/a.js", "slides.key", "sub/__pycache__/a.pyc"}
	if diff := cmp.Diff(want, names); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
	for _, want := range []string{"left out of " + dir + ": ", "id_rsa (a private key)", "key.pem (a private key)", `such as "!/env.txt"`, "env.txt (a link to .env)",
		"history (a link to .git)", "leak.txt (a link out of the directory, to "} {
		if !strings.Contains(warnings, want) {
			t.Errorf("got warnings %q, want %q", warnings, want)
		}
	}
}

func TestSelect_leaves_out_of_an_app_what_it_needs_on_this_machine_only(t *testing.T) {
	names, _ := selected(t, traps(t), Rules{})
	want := []string{".next/BUILD_ID", ".streamlit/config.toml", ".well-known/.hidden", ".well-known/security.txt", "app.py", "assets/a.js", "b.js", "ca.pem",
		"id_rsa.pub", "index.html", "scripts/a.js", "slides.key"}
	if diff := cmp.Diff(want, names); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
}

func TestSelect_leaves_out_settings_with_tokens(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "app.py", "")
	for _, name := range []string{".config/gh/hosts.yml", ".terraformrc", ".terraform.d/credentials.tfrc.json", ".cargo/credentials.toml", ".cargo/config.toml",
		"pip.conf", ".pip.conf", ".pip/pip.conf", ".m2/settings.xml", ".gradle/gradle.properties", ".vault-token", ".dockerconfigjson", ".dev.vars",
		".dev.vars.production", ".secrets", ".secrets.toml", ".env-prod"} {
		write(t, dir, name, "token")
	}
	if names, warnings := selected(t, dir, Rules{}); !slices.Equal(names, []string{"app.py"}) || warnings != "" {
		t.Errorf("got %v and warnings %q, want app.py only", names, warnings)
	}
}

func TestSelect_takes_directories_called_as_backups(t *testing.T) {
	dir := t.TempDir()
	want := []string{"cvs/ada.html", "old/CVS/grace.html", "people/cvs/ada.html", "pictures.orig/a.png"}
	for _, name := range want {
		write(t, dir, name, "", name+".orig", "")
	}
	for _, site := range []bool{true, false} {
		if names, _ := selected(t, dir, Rules{Site: site}); !slices.Equal(names, want) {
			t.Errorf("got %v, want %v", names, want)
		}
	}
}

func TestSelect_obeys_Exclude(t *testing.T) {
	dir := traps(t)
	exclude := []string{"*", "!/.env", "!/key.pem", "!/leak.txt", "!/sub", "!/sub/shared", "!/sub/shared/**"}
	names, warnings := selected(t, dir, Rules{Site: true, Exclude: exclude})
	want := []string{".env", "key.pem", "leak.txt", "sub/shared/secret.txt", "sub/shared/sub/deep.txt"}
	if diff := cmp.Diff(want, names); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
	if warnings != "" {
		t.Errorf("got warnings %q about files that Exclude names", warnings)
	}
}

func TestSelect_fails_for_secrets_of_sites_only(t *testing.T) {
	for _, name := range []string{"wp-config.php", "dump.sql", "backup.SQL.gz", "app.sqlite", "data/app.db"} {
		dir := t.TempDir()
		write(t, dir, name, "")
		if _, err := Select(dir, Rules{Site: true}); err == nil || !strings.Contains(err.Error(), "look like secrets: "+name) {
			t.Errorf("got error %v, want one that names %s", err, name)
		}
		if names, warnings := selected(t, dir, Rules{}); !slices.Equal(names, []string{name}) || warnings != "" {
			t.Errorf("got %v and warnings %q of an app, want %s", names, warnings, name)
		}
	}
}

func TestSelect_leaves_out_what_links_lead_to_if_it_is_excluded(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "index.html", "", "drafts/post.html", "", "drafts/keep.html", "", "priv/a.html", "", "assets/a.js", "", "assets/priv/b.js", "", "releases/1/r.html", "")
	for name, target := range map[string]string{
		"pub": "drafts", "latest.html": "drafts/post.html", "b.html": "priv/a.html", "scripts": "assets", "current": "releases/1", "releases/1/link.html": "r.html",
	} {
		link(t, target, dir, name)
	}
	names, warnings := selected(t, dir, Rules{Site: true, Exclude: []string{"/drafts/", "/priv/", "/assets/priv/", "/releases/", "!/current"}})
	if diff := cmp.Diff([]string{"assets/a.js", "current/link.html", "current/r.html", "index.html", "scripts/a.js"}, names); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
	for _, want := range []string{"pub (leads to drafts, which is excluded)", "latest.html (leads to drafts/post.html, ", "b.html (leads to priv/a.html, ", "scripts/priv (leads to assets/priv, "} {
		if !strings.Contains(warnings, want) {
			t.Errorf("got warnings %q, want %q", warnings, want)
		}
	}
}

func TestSelect_fails_by_name_if_a_file_looks_like_a_secret(t *testing.T) {
	for name, content := range map[string]string{
		"credentials.json": "{}", "aws/credentials": "", "my-project-credentials.json": "", "client_secret_1.apps.json": "", "config/secrets.yml": "", "prod.env": "",
		"rootkey.csv": "", "admin_accessKeys.csv": "", "terraform.tfstate": "", "prod.tfvars": "", "Secrets.YAML": "",
		"secret": "", "config/secrets": "", "secret.ini": "", "secrets.properties": "", "secrets.prod.json": "", "appsecrets.json": "", "prod-secrets.yaml": "",
		"prod.tfvars.json": "", "env.production": "", "env.local": "", "passwords.txt": "", "passwords.csv": "", "admin_credentials.csv": "", "netrc": "", "pgpass": "",
		"my-project-1a2b3c.json": `{"type": "service_account", "private_key": "-----BEGIN PRIVATE KEY-----\nMIIEvQ\n-----END PRIVATE KEY-----\n"}`,
		"backup.txt":             "-----BEGIN PGP PRIVATE KEY BLOCK-----\n\nlQOYBGB\n",
		"notes/old.txt":          "key:\n-----BEGIN RSA PRIVATE KEY-----\r\nMIIE\r\n",
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			write(t, dir, "index.html", "", name, content)
			for _, site := range []bool{true, false} {
				_, err := Select(dir, Rules{Site: site})
				if err == nil || !strings.Contains(err.Error(), "look like secrets: "+name) || !strings.Contains(err.Error(), "include it by \"!/"+name) {
					t.Errorf("got error %v, want one that names %s, and what to do", err, name)
				}
				if got, _ := selected(t, dir, Rules{Site: site, Exclude: []string{"/" + name}}); slices.Contains(got, name) {
					t.Errorf("got %v, want it excluded", got)
				}
				if got, _ := selected(t, dir, Rules{Site: site, Exclude: []string{Including(name)}}); !slices.Contains(got, name) {
					t.Errorf("got %v, want it included", got)
				}
			}
		})
	}
}

func TestSelect_takes_what_only_sounds_like_a_secret(t *testing.T) {
	dir := t.TempDir()
	want := []string{"app/credentials/__init__.py", "docs/credentials.html", "docs/secrets.md", "environment.ts", "jose.js", "monkey.svg", "node_modules/agent/test/key.pem",
		"node_modules/agent/test/credentials.json", "secrets.py", "src/credentials.ts", "tokens.css", "secret-garden.html", "secrets.html", "secret.svg",
		"credentials.html", "passwords.html", "env.js", "env.production.js", "token.js", "keys.html", "secrets.js", "secret-santa.json", "password-reset.json",
		"passwords.en.md", "secrets.d.ts", "secret/index.html", "passwords/reset.html"}
	slices.Sort(want)
	for _, name := range want {
		content := ""
		switch name {
		case "jose.js":
			content = `if (!pem.startsWith("-----BEGIN PRIVATE KEY-----")) throw Error("-----BEGIN PRIVATE KEY-----\n...")`
		case "node_modules/agent/test/key.pem":
			content = pemKey
		}
		write(t, dir, name, content)
	}
	names, warnings := selected(t, dir, Rules{})
	if diff := cmp.Diff(want, names); diff != "" || warnings != "" {
		t.Errorf("warnings %q, files (-want +got):\n%s", warnings, diff)
	}
}

func TestSelect_fails_for_links_that_lead_nowhere_or_to_themselves(t *testing.T) {
	for name, target := range map[string]string{"nowhere": "gone", "itself": "itself", "above": ".", "further": "../app"} {
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "app")
			write(t, dir, "index.html", "")
			link(t, target, dir, name)
			_, err := Select(dir, Rules{})
			if err == nil || !strings.Contains(err.Error(), filepath.Join(dir, name)+" is a link ") || !strings.Contains(err.Error(), "name it in Exclude") {
				t.Errorf("got error %v, want one that names the link, and what to do", err)
			}
			if got, _ := selected(t, dir, Rules{Exclude: []string{name}}); !slices.Equal(got, []string{"index.html"}) {
				t.Errorf("got %v, want the file", got)
			}
		})
	}
}

func TestSelect_leaves_out_the_assembly(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "app.py", "", "out/manifest.json", "{}")
	link(t, "out", dir, "again")
	if got, _ := selected(t, dir, Rules{Assembly: filepath.Join(dir, "out")}); !slices.Equal(got, []string{"app.py"}) {
		t.Errorf("got %v, want app.py", got)
	}
}

func TestCopy_has_no_links_and_one_hash_for_the_same_files(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "a.txt", "a", "sub/b.sh", "b")
	link(t, "../a.txt", dir, "sub/link.txt")
	if err := os.Chmod(filepath.Join(dir, "sub", "b.sh"), 0o700); err != nil {
		t.Fatal(err)
	}
	copied := func() (string, string) {
		selection, err := Select(dir, Rules{})
		if err != nil {
			t.Fatal(err)
		}
		to := t.TempDir()
		hash, err := selection.Copy(to)
		if err != nil {
			t.Fatal(err)
		}
		return to, hash
	}
	to, first := copied()
	for name, want := range map[string]os.FileMode{"a.txt": 0o644, "sub/b.sh": 0o755, "sub/link.txt": 0o644} {
		info, err := os.Lstat(filepath.Join(to, name))
		if err != nil || info.Mode() != want {
			t.Errorf("%s: got %v (%v), want a file of mode %v", name, info, err, want)
		}
	}
	if _, second := copied(); first != second {
		t.Errorf("got hashes %s and %s of the same files", first, second)
	}
	write(t, dir, "a.txt", "c")
	if _, second := copied(); first == second {
		t.Error("got the same hash of other files")
	}
}
