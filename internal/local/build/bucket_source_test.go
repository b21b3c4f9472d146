package build

import (
	"os"
	"path/filepath"
	"testing"
)

func TestReplaceMarkers_puts_values_into_copies(t *testing.T) {
	tests := []struct {
		name   string
		escape bool
		value  string
		want   string
	}{
		{"a plain value", false, `say "hi" & <go>`, `say "hi" & <go>`},
		{"a value inside JSON", true, "say \"hi\"\n& <go>", `say \"hi\"\n& <go>`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			dir := t.TempDir()
			file := filepath.Join(dir, "a", "b.txt")
			if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
				t.Fatal(err)
			}
			const source = "one\n<<marker:0xbaba:0>> and <<marker:0xbaba:1>>\nlast"
			if err := os.WriteFile(file, []byte(source), 0o644); err != nil {
				t.Fatal(err)
			}
			b := &builder{functions: &functions{}}
			to, err := b.replaceMarkers(dir, map[string]string{"<<marker:0xbaba:0>>": test.value, "<<marker:0xbaba:1>>": "2"}, test.escape)
			if err != nil {
				t.Fatal(err)
			}
			if got, want := readText(t, filepath.Join(to, "a", "b.txt")), "one\n"+test.want+" and 2\nlast"; got != want {
				t.Errorf("got %q, want %q", got, want)
			}
			if got := readText(t, file); got != source {
				t.Errorf("the asset itself was changed to %q", got)
			}
			if err := b.functions.close(); err != nil {
				t.Fatal(err)
			}
			if _, err := os.Stat(to); !os.IsNotExist(err) {
				t.Errorf("close left %s: %v", to, err)
			}
		})
	}
}
