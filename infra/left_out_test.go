package infra_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/jsii-runtime-go"
	"github.com/google/go-cmp/cmp"

	"github.com/cloudfurl/cloudfurl/infra"
	"github.com/cloudfurl/cloudfurl/internal/localtest/filetest"
	"github.com/cloudfurl/cloudfurl/internal/synthtest"
)

// writeFiles writes files, given as names and contents, below a directory.
var writeFiles = filetest.Write

// trapDirectory is a site and an app with what must not leave the machine.
func trapDirectory(t *testing.T) string {
	t.Helper()
	root := t.TempDir()
	dir := filepath.Join(root, "app")
	const key = "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASC\n"
	writeFiles(t, root, "outside/secret.txt", "outside")
	writeFiles(t, dir,
		"index.html", "page", "app.py", "", "css/site.css", "", "assets/index-DQvdu_at.js", "", "ca.pem", "-----BEGIN CERTIFICATE-----\nMIID\n",
		".well-known/security.txt", "Contact:", ".streamlit/config.toml", "",
		".env", "TOKEN=1", ".env.production", "TOKEN=1", ".git/config", "[remote]", ".npmrc", "//registry.example.com/:_authToken=npm_1",
		".aws/credentials", "[default]", "key.pem", key, "id_rsa", key, "css/site.css~", "", "config.bak", "", ".index.html.swp", "")
	for name, target := range map[string]string{
		"leak.txt": "../outside/secret.txt", "css/shared": "../../outside", "passwd": "/etc/passwd", "env.txt": ".env", "link.css": "css/site.css",
	} {
		if err := os.Symlink(filepath.FromSlash(target), filepath.Join(dir, filepath.FromSlash(name))); err != nil {
			t.Skipf("needs symbolic links: %v", err)
		}
	}
	return dir
}

// publishedFiles returns the files that a site's deployments upload, by the
// manifest of the stack's assets, and the warnings.
func publishedFiles(t *testing.T, props infra.StaticFilesProps, context map[string]any) (files, warnings []string) {
	t.Helper()
	app := awscdk.NewApp(&awscdk.AppProps{Outdir: jsii.String(t.TempDir()), AnalyticsReporting: jsii.Bool(false), Context: &context})
	site := infra.NewStaticFiles(newStack(app, "Consumer", "eu-west-1"), jsii.String("Site"), &props)
	assembly := *app.Synth(nil).Directory()
	text, err := os.ReadFile(filepath.Join(assembly, "Consumer.assets.json"))
	if err != nil {
		t.Fatal(err)
	}
	var manifest struct {
		Files map[string]struct {
			Source struct{ Path, Packaging string }
		}
	}
	if err := json.Unmarshal(text, &manifest); err != nil {
		t.Fatal(err)
	}
	for _, file := range manifest.Files {
		dir := file.Source.Path
		if !filepath.IsAbs(dir) {
			dir = filepath.Join(assembly, dir)
		}
		if _, err := os.Stat(filepath.Join(dir, "index.html")); err == nil && file.Source.Packaging == "zip" {
			files = append(files, filesBelow(t, dir)...)
		}
	}
	if left, _ := filepath.Glob(filepath.Join(assembly, "files.*")); len(left) > 0 && context["aws:cdk:disable-asset-staging"] == nil {
		t.Errorf("got %v beside the assets, want them removed", left)
	}
	for _, entry := range *site.Node().Metadata() {
		if *entry.Type == "aws:cdk:warning" {
			warnings = append(warnings, entry.Data.(string))
		}
	}
	return files, warnings
}

func TestStaticFiles_publish_no_secret(t *testing.T) {
	dir := trapDirectory(t)
	want := []string{".well-known/security.txt", "app.py", "assets/index-DQvdu_at.js", "ca.pem", "css/site.css", "index.html", "link.css"}
	for name, context := range map[string]map[string]any{
		"by default":       nil,
		"without bundling": {"aws:cdk:bundling-stacks": []string{}},
		"without staging":  {"aws:cdk:disable-asset-staging": true},
	} {
		t.Run(name, func(t *testing.T) {
			files, warnings := publishedFiles(t, infra.StaticFilesProps{Directory: &dir}, context)
			if diff := cmp.Diff(want, files); diff != "" {
				t.Errorf("files (-want +got):\n%s", diff)
			}
			text := strings.Join(warnings, "\n")
			for _, want := range []string{"key.pem (a private key)", "leak.txt (a link out of the directory", `add it to Exclude with a "!"`} {
				if !strings.Contains(text, want) {
					t.Errorf("got warnings %q, want %q", warnings, want)
				}
			}
		})
	}
}

func TestStaticFiles_publish_what_Exclude_includes(t *testing.T) {
	dir := trapDirectory(t)
	files, warnings := publishedFiles(t, infra.StaticFilesProps{
		Directory: &dir,
		Exclude:   jsii.Strings("*.py", "/assets/", "*.pem", "id_rsa", "!/.env", "!/passwd", "/css/shared", "/leak.txt", "/env.txt"),
	}, nil)
	if diff := cmp.Diff([]string{".env", ".well-known/security.txt", "css/site.css", "index.html", "link.css", "passwd"}, files); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
	if len(warnings) > 0 {
		t.Errorf("got warnings %q about what Exclude names, want none", warnings)
	}
}

func TestStaticFiles_fail_by_name_if_a_file_looks_like_a_secret(t *testing.T) {
	dir := t.TempDir()
	writeFiles(t, dir, "index.html", "", "data/credentials.json", "{}")
	message := synthtest.Failure(t, func() {
		infra.NewStaticFiles(newStack(newApp(), "Consumer", "eu-west-1"), jsii.String("Site"), &infra.StaticFilesProps{Directory: &dir})
	})
	for _, want := range []string{"Consumer/Site: ", "look like secrets: data/credentials.json", "Exclude", `"!/data/credentials.json"`} {
		if !strings.Contains(message, want) {
			t.Errorf("got %q, want it to say %q", message, want)
		}
	}
}

func TestHandlers_bundle_no_secret(t *testing.T) {
	dir := trapDirectory(t)
	own := []string{".streamlit/config.toml", ".well-known/security.txt", "app.py", "assets/index-DQvdu_at.js", "ca.pem"}
	rest := []string{"css/site.css", "index.html", "link.css"}
	for name, test := range map[string]struct {
		handler infra.Handler
		script  []string
	}{
		"WebAppHandler": {infra.WebAppHandler(dir, &infra.WebAppHandlerProps{Command: "python app.py", Runtime: awslambda.Runtime_PYTHON_3_13()}), []string{"cloudfurl-start.sh"}},
		"PythonHandler": {infra.PythonHandler(dir, &infra.PythonHandlerProps{Handler: "app.__getattr__"}), nil},
	} {
		t.Run(name, func(t *testing.T) {
			writeFiles(t, dir, "app.py", "def __getattr__(name): pass\n")
			asset, warnings := assets(t, test.handler, nil)
			want := append(append(append([]string{}, own...), test.script...), rest...)
			if diff := cmp.Diff(want, filesBelow(t, asset)); diff != "" {
				t.Errorf("files (-want +got):\n%s", diff)
			}
			if text := strings.Join(warnings, "\n"); !strings.Contains(text, "id_rsa (a private key)") || !strings.Contains(text, "css/shared (a link out of the directory") {
				t.Errorf("got warnings %q, want them to name the key and the link", warnings)
			}
		})
	}
}
