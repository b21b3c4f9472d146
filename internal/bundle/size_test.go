package bundle

import (
	"os"
	"path/filepath"
	"testing"
)

// sparse writes a file of a size that takes no space.
func sparse(t *testing.T, path string, size int64) {
	t.Helper()
	write(t, filepath.Dir(path), filepath.Base(path), "")
	if err := os.Truncate(path, size); err != nil {
		t.Fatal(err)
	}
}

func TestApp_fails_if_it_is_too_large_for_Lambda(t *testing.T) {
	app := App{Dir: t.TempDir(), Node: &Node{"linux", "arm64"}}
	sparse(t, filepath.Join(app.Dir, "data", "model.bin"), 200<<20)
	sparse(t, filepath.Join(app.Dir, "node_modules", "@scope", "large", "index.js"), 50<<20)
	if _, err := bundled(t, app); err != nil {
		t.Errorf("got error %v for exactly 250 MB, want none", err)
	}

	sparse(t, filepath.Join(app.Dir, "node_modules", "@scope", "large", "index.js"), 51<<20)
	_, err := bundled(t, app)
	wantError(t, err, "the app and its dependencies have 251.0 MB", "Lambda's 250.0 MB", "ImageHandler",
		"data (200.0 MB), node_modules/@scope/large (51.0 MB)")
}
