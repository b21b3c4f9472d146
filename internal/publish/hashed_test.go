package publish

import (
	"math/rand/v2"
	"slices"
	"testing"
)

func TestHashedPatterns_are_what_bundlers_write(t *testing.T) {
	for name, test := range map[string]struct {
		files []string
		want  []string
	}{
		// Seen: the output of each, built from a small app.
		"Vite 8": {[]string{"index.html", "vite.svg", "assets/index-wYclmN-g.js", "assets/index-wYclmN-g.js.map", "assets/lazy-GQd-MNEk.js",
			"assets/index-W1erjkBN.css", "assets/x-Wd4Y23gs.svg"}, []string{"assets/*"}},
		"Vite 4, with its legacy plugin": {[]string{"assets/index-9c736b09.js", "assets/index-legacy-8a271b64.js", "assets/index-74d94aed.css", "assets/x-81349888.svg"}, []string{"assets/*"}},
		"a hash without a digit":         {[]string{"index.html", "assets/index-DQvdu_at.js"}, []string{"assets/*"}},
		"letters only":                   {[]string{"assets/index-CwNnKCVM.js", "assets/index-BkDeRtxy.css"}, []string{"assets/*"}},
		"a hash like a word among many": {[]string{"assets/a-BjW4sHH5.js", "assets/b-DHYPl-Ga.js", "assets/c-C5lxZ8CY.js", "assets/d-DJ8dCoTZ.js",
			"assets/e-BSbpV94h.js", "assets/f-UHbZ9c5Q.js", "assets/g-C2AdPX0b.js", "assets/h-vtggssiy.js"}, []string{"assets/*"}},
		"VitePress": {[]string{"index.html", "hashmap.json", "vp-icons.css", "assets/index.md.DHYPl-Ga.js", "assets/index.md.DHYPl-Ga.lean.js",
			"assets/chunks/theme.BI8ratF0.js", "assets/inter-italic-cyrillic.By2_1cv3.woff2", "assets/style.CwNnKCVM.css"}, []string{"assets/*"}},
		"webpack": {[]string{"css/main.6473d50acdcb45fe9584.css", "js/main.d9f4f98702f49a9b904e.js", "js/480.d731495aef7096bd7ef1.js.map",
			"js/main.d9f4f98702f49a9b904e.js.LICENSE.txt", "media/a22545cf1e46e8dd5485.svg"}, []string{"css/*", "js/*"}},
		"Create React App": {[]string{"static/js/main.8c2f01ab.js", "static/js/787.0a1b2c3d.chunk.js.map", "static/css/main.12345678.css", "robots.txt"}, []string{"static/*"}},
		"Rsbuild":          {[]string{"static/js/index.27d6b97c30.js", "static/js/async/0.93aff023bb.js", "static/css/index.e0c7b70c5c.css", "static/svg/x.70c57f0f56.svg"}, []string{"static/*"}},
		"esbuild":          {[]string{"out/main-HBLJBDRV.js", "out/x-ODCX6D2W.svg", "out/main-22MNDUSG.css"}, []string{"out/*"}},
		"Next.js with Turbopack": {[]string{"index.html", "_next/static/chunks/0cz1d0mv5g_q7.js", "_next/static/chunks/turbopack-2u1d16houkiyo.js",
			"_next/static/8HpaiKvJbWLh16m75aB-L/_buildManifest.js"}, []string{"_next/static/*"}},
		"Next.js with webpack, below a path": {[]string{"docs/_next/static/chunks/app/[slug]/page-dd3ed14938c6ff5f.js", "docs/_next/static/nGPeiouf3XWbIR-pL4cQB/_ssgManifest.js"},
			[]string{"docs/_next/static/*"}},
		"SvelteKit": {[]string{"_app/version.json", "_app/immutable/entry/start.FFKWOcn_.js", "_app/immutable/chunks/xihTtKlq.js", "_app/immutable/assets/2.DFVm-ArQ.css"}, []string{"_app/immutable/*"}},
		"Astro":     {[]string{"index.html", "_astro/hero.DFx3Tq_e_Z2aBcDe.webp"}, []string{"_astro/*"}},

		"Parcel, beside its pages":         {[]string{"index.html", "other.67c7cc8b.js", "other.67c7cc8b.js.map", "parcel.75b2f952.css", "x.9efbf3db.svg"}, []string{"*.css", "*.js"}},
		"esbuild, beside a service worker": {[]string{"index.html", "main-HBLJBDRV.js", "main-22MNDUSG.css", "sw.js"}, []string{"*.css"}},
		"beside directories":               {[]string{"main-HBLJBDRV.js", "assets/index-BkDeRt1_.js", "vendor/jquery.css", "styles-22MNDUSG.css"}, []string{"assets/*", "*.js"}},

		"Hugo":                        {[]string{"index.html", "css/main.css", "js/search.js"}, nil},
		"versions":                    {[]string{"js/jquery-3.7.1.min.js", "js/bootstrap-5.3.0.js", "js/swiper-5.3.0-alpha1.js"}, nil},
		"words":                       {[]string{"js/date-picker-component.js", "css/my-stylesheet.css"}, nil},
		"jquery-migrate":              {[]string{"js/jquery-migrate.js"}, nil},
		"words of eight letters":      {[]string{"js/my-document.js", "css/my-homepage.css", "js/app-utf8-bom.js", "js/my-DataGrid.js"}, nil},
		"a word beside a hash":        {[]string{"assets/index-BkDeRt1_.js", "assets/my-document.js"}, nil},
		"a name of eight letters":     {[]string{"assets/calendar.js", "assets/index-BkDeRt1_.js"}, nil},
		"dates":                       {[]string{"js/vendor-20240101.js"}, nil},
		"numbers":                     {[]string{"js/vendor-10000001.js"}, nil},
		"one without":                 {[]string{"assets/index-BkDeRt1_.js", "assets/logo.svg"}, nil},
		"photographs":                 {[]string{"photos/trip-DSC00012.jpg", "photos/trip-BkDeRt1_.jpg"}, nil},
		"a photograph beside a hash":  {[]string{"assets/index-BkDeRt1_.js", "assets/trip-DSC00012.jpg"}, nil},
		"a page among them":           {[]string{"assets/index-BkDeRt1_.js", "assets/index.html"}, nil},
		"a name that S3 can't filter": {[]string{"a[b]/index-BkDeRt1_.js"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			slices.Sort(test.files)
			selection := new(Selection)
			for _, file := range test.files {
				selection.Files = append(selection.Files, File{Path: file})
			}
			if got := selection.HashedPatterns(); !slices.Equal(got, test.want) {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

// A hash of base64 has no digit in one of four names.
func TestHashedPatterns_depend_little_on_chance(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for name, alphabet := range map[string]string{
		"base64":      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_",
		"base32":      "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567",
		"hexadecimal": "0123456789abcdef",
	} {
		hash := func() string {
			text := make([]byte, 8)
			for i := range text {
				text[i] = alphabet[random.IntN(len(alphabet))]
			}
			return string(text)
		}
		for _, files := range []int{1, 2, 6, 40} {
			missed := 0
			const builds = 1000
			for range builds {
				selection := new(Selection)
				for range files {
					selection.Files = append(selection.Files, File{Path: "assets/page-" + hash() + ".js"})
				}
				if len(selection.HashedPatterns()) == 0 {
					missed++
				}
			}
			// All digits, in hexadecimal: one in 43.
			if missed > builds/25 {
				t.Errorf("%s: %d of %d builds with %d scripts are missed", name, missed, builds, files)
			}
		}
	}
}
