package watch

import "testing"

func TestFiles_keep_what_is_in_their_directories(t *testing.T) {
	f := NewFiles([]string{"/home/me/app/deploy", "/home/me/app/src", "/home/me/app/src/more"})
	if f.Root() != "/home/me/app" {
		t.Errorf("got the root %s", f.Root())
	}
	for path, want := range map[string][2]bool{ // as a file, as a directory
		"/home/me/app":                          {false, true},
		"/home/me/app/deploy":                   {true, true},
		"/home/me/app/deploy/template.yaml":     {true, true},
		"/home/me/app/src/more/index.js":        {true, true},
		"/home/me/app/src/node_modules":         {false, false},
		"/home/me/app/src/.git":                 {false, false},
		"/home/me/app/README.md":                {false, false},
		"/home/me/app/deployment/template.yaml": {false, false},
		"/home/me/other":                        {false, false},
	} {
		if got := [2]bool{f.Keep(path, false), f.Keep(path, true)}; got != want {
			t.Errorf("%s: got %v, want %v", path, got, want)
		}
	}
	if root := NewFiles([]string{"/a", "/b/c"}).Root(); root != "/" {
		t.Errorf("got the root %s, want /", root)
	}
}
