package build

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/cloudfurl/cloudfurl/internal/local/logtest"
)

func TestOpen_deploys_zip_files_in_the_order_of_dependencies(t *testing.T) {
	dir := siteAssembly(t, func(r object) {
		// By their logical ids, the second would come first.
		r["AFirst"] = object{"Type": "Custom::CDKBucketDeployment", "DependsOn": []any{siteDeployment}, "Properties": object{
			"SourceBucketNames": []any{"x"}, "SourceObjectKeys": []any{"c3.zip"}, "DestinationBucketName": object{"Ref": siteBucket},
			"Prune": "false",
		}}
		r["Archive"] = object{"Type": "Custom::CDKBucketDeployment", "Properties": object{
			"SourceBucketNames": []any{"x"}, "SourceObjectKeys": []any{"c3.zip"}, "DestinationBucketName": object{"Ref": siteBucket},
			"Extract": false, "DestinationBucketKeyPrefix": "zips/",
		}, "DependsOn": siteDeployment}
	})
	writeZip(t, filepath.Join(dir, "c3.zip"), map[string]string{"index.html": "zipped", "deep/er.txt": "deep"})
	if err := os.WriteFile(filepath.Join(dir, "Site.assets.json"), []byte(strings.Replace(readText(t, filepath.Join(dir, "Site.assets.json")), `"files": {`, `"files": {
		"c3": {"source": {"path": "c3.zip", "packaging": "file"}, "destinations": {"x": {"objectKey": "c3.zip"}}},`, 1)), 0o644); err != nil {
		t.Fatal(err)
	}
	log, _ := logtest.New()
	parts, err := buildDir(dir, Options{}, log)
	if err != nil {
		t.Fatal(err)
	}
	edge := parts.Parts[0]
	for path, want := range map[string]string{"/index.html": "zipped", "/deep/er.txt": "deep", "/assets/app.js": `console.log("site")`, "/zips/c3.zip": "PK"} {
		if resp, body := get(t, edge, path); resp.StatusCode != http.StatusOK || !strings.HasPrefix(body, want) {
			t.Errorf("%s: got %d %.40q, want %q", path, resp.StatusCode, body, want)
		}
	}
	temp := parts.functions.temp
	if err := parts.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(temp); !os.IsNotExist(err) {
		t.Errorf("what was unpacked to %s is still there: %v", temp, err)
	}
}
