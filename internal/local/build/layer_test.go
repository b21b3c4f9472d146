package build

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/cloudfurl/cloudfurl/internal/local/logtest"
)

const (
	toolsLayer = "arn:aws:lambda:eu-west-1:111122223333:layer:tools:1"
	webLayer   = "arn:aws:lambda:eu-west-1:753240598075:layer:LambdaAdapterLayerX86:27"
)

// withLayers gives the function of withAPI a handler that returns a module of a
// layer, and layers.
func withLayers(layers ...any) func(object) {
	return withAPI(func(r object) {
		api := properties(r, "Api")
		api["Layers"] = layers
		api["Code"] = object{"ZipFile": "exports.handler = async () => require('tools')"}
		r["Public"] = permission("lambda:InvokeFunctionUrl", object{"FunctionUrlAuthType": "NONE"})
		r["Invoke"] = permission("lambda:InvokeFunction", object{"InvokedViaFunctionUrl": true})
	})
}

func permission(action string, properties object) object {
	properties["Action"], properties["Principal"], properties["FunctionName"] = action, "*", object{"Ref": "Api"}
	return object{"Type": "AWS::Lambda::Permission", "Properties": properties}
}

// layerFiles writes a layer with the module tools as a directory or archive.
func layerFiles(t *testing.T, archived bool) string {
	t.Helper()
	const module = "nodejs/node_modules/tools/index.js"
	path := filepath.Join(t.TempDir(), "layer")
	if archived {
		writeZip(t, path, map[string]string{module: "module.exports = 'from the archive'"})
		return path
	}
	file := filepath.Join(path, module)
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte("module.exports = 'from the directory'"), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// addAsset makes a path an asset of the site.
func addAsset(t *testing.T, dir, key, path, packaging string) {
	t.Helper()
	file := filepath.Join(dir, "Site.assets.json")
	manifest := decodeFile(t, file)
	manifest["files"].(object)[key] = object{
		"source": object{"path": path, "packaging": packaging}, "destinations": object{"here": object{"objectKey": key}},
	}
	text, err := json.Marshal(manifest)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, text, 0o644); err != nil {
		t.Fatal(err)
	}
}

func wantBody(t *testing.T, dir string, options Options, want string) *logtest.Log {
	t.Helper()
	edge, log := open(t, dir, options)
	if resp, body := get(t, edge, "/api/"); resp.StatusCode != 200 || strings.Trim(body, `"`) != want {
		t.Errorf("got %d %s, want %s; log %s", resp.StatusCode, body, want, log)
	}
	return log
}

func TestLayers_are_given_by_ARN(t *testing.T) {
	for _, archived := range []bool{true, false} {
		want := map[bool]string{true: "from the archive", false: "from the directory"}[archived]
		wantBody(t, siteAssembly(t, withLayers(toolsLayer)), Options{Layers: map[string]string{toolsLayer: layerFiles(t, archived)}}, want)
	}
}

func TestLayers_of_the_assembly_are_its_assets(t *testing.T) {
	dir := siteAssembly(t, func(r object) {
		withLayers(object{"Ref": "Tools"})(r)
		r["Tools"] = object{"Type": "AWS::Lambda::LayerVersion", "Metadata": object{"aws:cdk:path": "Site/Tools/Resource"}, "Properties": object{
			"Content":            object{"S3Bucket": "assets", "S3Key": "tools.zip"},
			"CompatibleRuntimes": []any{"python3.13"}, "CompatibleArchitectures": []any{"arm64"},
		}}
	})
	for archived, want := range map[bool]string{true: "from the archive", false: "from the directory"} {
		addAsset(t, dir, "tools.zip", layerFiles(t, archived), map[bool]string{true: "file", false: "zip"}[archived])
		log := wantBody(t, dir, Options{}, want)
		log.Want(t, "Site/Api/Function: may not work on AWS with the layer Site/Tools", "the runtime python3.13, and the function has nodejs22.x")
		log.Want(t, "the architecture arm64, and the function has x86_64")
	}
	addAsset(t, dir, "tools.zip", filepath.Join(dir, "manifest.json"), "file")
	log, _ := logtest.New()
	_, err := buildDir(dir, Options{}, log)
	wantError(t, err, "Site/Tools, Content.S3Key: ", "can't be unpacked", "run cdk synth again")
}

func TestLayers_of_AWS_web_adapter_have_a_stand_in(t *testing.T) {
	code := t.TempDir()
	app := "#!/usr/bin/env node\nrequire('http').createServer((req, res) => res.end('app ' + req.url)).listen(process.env.PORT)"
	if err := os.WriteFile(filepath.Join(code, "app.js"), []byte(app), 0o755); err != nil {
		t.Fatal(err)
	}
	dir := siteAssembly(t, func(r object) {
		withLayers(webLayer)(r)
		api := properties(r, "Api")
		api["Handler"], api["Architectures"] = "app.js", []any{"arm64"}
		api["Code"] = object{"S3Bucket": "assets", "S3Key": "code.zip"}
		api["Environment"] = object{"Variables": object{"AWS_LAMBDA_EXEC_WRAPPER": "/opt/bootstrap"}}
		api["Timeout"] = 30
	})
	addAsset(t, dir, "code.zip", code, "zip")
	log := wantBody(t, dir, Options{}, "app /api/")
	log.Want(t, "level=INFO", "Site/Api/Function is served by a stand-in for AWS's Lambda Web Adapter; --layer "+webLayer+"=PATH")
	log.Want(t, "Site/Api/Function: may not work on AWS with the layer "+webLayer, "the architecture x86_64, and the function has arm64")
}

func TestLayers_that_no_function_has_are_errors(t *testing.T) {
	log, _ := logtest.New()
	for given, words := range map[string][]string{
		strings.TrimSuffix(toolsLayer, ":1"):       {"doesn't name a layer of a function", "use one of " + toolsLayer},
		strings.TrimSuffix(toolsLayer, "1") + "2":  {"doesn't name a layer of a function", "use one of " + toolsLayer},
		"arn:aws:lambda:eu-west-1:1:layer:other:1": {"doesn't name a layer of a function", "use one of " + toolsLayer},
	} {
		_, err := buildDir(siteAssembly(t, withLayers(toolsLayer)), Options{Layers: map[string]string{given: t.TempDir()}}, log)
		wantError(t, err, words...)
	}
	_, err := buildDir(siteAssembly(t, withAPI(func(object) {})), Options{Layers: map[string]string{toolsLayer: t.TempDir()}}, log)
	wantError(t, err, "remove the flag: the assembly has none")
	_, err = buildDir(siteAssembly(t, withLayers(toolsLayer)), Options{Layers: map[string]string{toolsLayer: "/no/such/path"}}, log)
	wantError(t, err, "--layer "+toolsLayer+": there is no /no/such/path", "directory or zip archive")
	_, err = buildDir(siteAssembly(t, withLayers(toolsLayer)), Options{Layers: map[string]string{toolsLayer: "layer_test.go"}}, log)
	wantError(t, err, "--layer "+toolsLayer+": layer_test.go can't be unpacked", "directory")
}
