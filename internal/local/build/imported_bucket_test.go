package build

import (
	"net/http"
	"os"
	"path/filepath"
	"testing"
)

func TestOpen_serves_an_imported_bucket_that_has_a_directory(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "index.html"), []byte("mine"), 0o644); err != nil {
		t.Fatal(err)
	}
	imported := func(r object) {
		siteOrigin(r)["DomainName"] = "imported.s3.us-west-2.amazonaws.com"
		delete(r, sitePolicy)
	}
	edge, log := open(t, siteAssembly(t, imported), Options{Buckets: map[string]string{"imported": dir}})
	if resp, body := get(t, edge, "/"); resp.StatusCode != http.StatusOK || body != "mine" {
		t.Errorf("got %d %q", resp.StatusCode, body)
	}
	log.Want(t, "level=WARN", "imported", "its policy isn't known")
	edge, log = open(t, siteAssembly(t, imported), Options{})
	wantStub(t, edge, "/", "signs for an origin that isn't a function URL or bucket of this assembly", "--s3 NAME=DIR", "--origin SiteOrigin1=URL")
	log.Want(t, "level=ERROR", "its requests get 501", "--s3 NAME=DIR")
}
