package code_test

import (
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cloudfurl/cloudfurl/infra/internal/code"
)

func TestSite_serves_what_its_props_say(t *testing.T) {
	dir := directoryOf(t, "index.html", "", "docs/index.html", "", "css/site.css", "", "assets/index-DQvdu_at.js", "", "css/empty/.hidden", "")
	css := filepath.Join(dir, "css")
	for name, test := range map[string]struct {
		props code.SiteProps
		want  []string
	}{
		"a site":                     {code.SiteProps{Directory: dir}, nil},
		"files":                      {code.SiteProps{Directory: css, PathPatterns: []string{"/*.css"}}, nil},
		"a directory":                {code.SiteProps{Directory: dir, PathPatterns: []string{"/css"}}, nil},
		"the page":                   {code.SiteProps{Directory: dir, PathPatterns: []string{"/"}}, nil},
		"immutable files":            {code.SiteProps{Directory: dir, ImmutablePatterns: []string{"assets/*"}}, nil},
		"no directory":               {code.SiteProps{}, []string{"StaticFiles got no directory"}},
		"missing directory":          {code.SiteProps{Directory: "./dist"}, []string{"StaticFiles got the directory ./dist", "doesn't exist", "build it first"}},
		"a file":                     {code.SiteProps{Directory: filepath.Join(dir, "index.html")}, []string{"is a file"}},
		"empty directory":            {code.SiteProps{Directory: filepath.Join(css, "empty")}, []string{"is empty or has only files that are left out"}},
		"excluded files":             {code.SiteProps{Directory: css, Exclude: []string{"*"}}, []string{"correct Exclude"}},
		"without index.html":         {code.SiteProps{Directory: css}, []string{"without index.html", "PathPatterns"}},
		"an app without index.html":  {code.SiteProps{Directory: css, PathPatterns: []string{"/site.css"}, SinglePageApp: true}, []string{"without index.html"}},
		"all paths, no index.html":   {code.SiteProps{Directory: css, PathPatterns: []string{"/*"}}, []string{"without index.html"}},
		"no patterns":                {code.SiteProps{Directory: dir, PathPatterns: []string{}}, []string{"empty list of PathPatterns"}},
		"no slash":                   {code.SiteProps{Directory: dir, PathPatterns: []string{"css/*"}}, []string{`PathPattern "css/*"`, `"/css/*"`}},
		"a pattern twice":            {code.SiteProps{Directory: dir, PathPatterns: []string{"/css/*", "/css/*"}}, []string{"/css/* twice"}},
		"no such files":              {code.SiteProps{Directory: dir, PathPatterns: []string{"/images/*"}}, []string{"/images/*", "has no file"}},
		"no such immutable files":    {code.SiteProps{Directory: dir, ImmutablePatterns: []string{"_astro/*"}}, []string{`ImmutablePattern "_astro/*"`, "has no file"}},
		"absolute immutable pattern": {code.SiteProps{Directory: dir, ImmutablePatterns: []string{"/assets/*"}}, []string{`ImmutablePattern "/assets/*"`, "leave out the slash"}},
		"immutable pages":            {code.SiteProps{Directory: dir, ImmutablePatterns: []string{"docs/*"}}, []string{"selects the page docs/index.html"}},
		"something secret":           {code.SiteProps{Directory: directoryOf(t, "index.html", "", "credentials.json", "{}")}, []string{"look like secrets: credentials.json"}},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := code.NewSite(test.props)
			wantError(t, err, test.want...)
		})
	}
}

func TestSite_names_files_without_a_dot_as_viewers_do(t *testing.T) {
	site, err := code.NewSite(code.SiteProps{Directory: directoryOf(t, "index.html", "", "a b/LICENSE", "", ".well-known/association", "")})
	wantError(t, err)
	if diff := cmp.Diff([]string{"/.well-known/association", "/a%20b/LICENSE"}, site.WithoutDot()); diff != "" {
		t.Errorf("paths (-want +got):\n%s", diff)
	}
}
