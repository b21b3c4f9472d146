package infra_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/cloudfurl/cloudfurl/infra"
)

func TestStaticFiles_recognise_what_bundlers_write(t *testing.T) {
	for name, test := range map[string]struct {
		files []string
		want  []string
	}{
		"Vite":              {[]string{"index.html", "vite.svg", "assets/index-BkDeRt1_.js", "assets/index-n9aKbUp8.css", "assets/react-CHdo91hT.svg"}, []string{"assets/*"}},
		"letters only":      {[]string{"assets/index-BkDeRt1_.js", "assets/index-BkDeRtxy.css"}, []string{"assets/*"}},
		"webpack":           {[]string{"static/js/main.8c2f01ab.js", "static/js/main.8c2f01ab.js.map", "static/css/main.0a1b2c3d.css", "robots.txt"}, []string{"static/*"}},
		"esbuild":           {[]string{"chunks/app-3LCBFS2A.js"}, []string{"chunks/*"}},
		"SvelteKit":         {[]string{"_app/version.json", "_app/immutable/entry/start.B1xqZ_k2.js", "_app/immutable/chunks/index.C0sUQ8bT.js"}, []string{"_app/immutable/*"}},
		"Hugo":              {[]string{"index.html", "css/main.css", "js/search.js"}, nil},
		"versions":          {[]string{"js/jquery-3.7.1.min.js", "js/bootstrap-5.3.0.js"}, nil},
		"words":             {[]string{"js/date-picker-component.js", "css/my-stylesheet.css"}, nil},
		"dates":             {[]string{"js/vendor-20240101.js"}, nil},
		"one without":       {[]string{"assets/index-BkDeRt1_.js", "assets/logo.svg"}, nil},
		"photographs":       {[]string{"photos/trip-DSC00012.jpg", "photos/trip-DSC00013.jpg"}, nil},
		"a page among them": {[]string{"assets/index-BkDeRt1_.js", "assets/index.html"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			for _, file := range test.files {
				path := filepath.Join(dir, filepath.FromSlash(file))
				if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(path, nil, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			if got := infra.HashedDirectories(t, dir); !slices.Equal(got, test.want) {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}
