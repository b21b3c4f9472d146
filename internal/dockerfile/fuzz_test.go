package dockerfile

import (
	"os"
	"path/filepath"
	"testing"
)

// Whatever a file has, Parse returns an image or an error.
func FuzzParse(f *testing.F) {
	f.Add("FROM alpine AS a\nARG A=${B:-c}\nENV A=\"$A\" B='b'\nCOPY --from=a [\"/x\", \"/y/\"]\nCMD [\"a\"]\n")
	f.Add("#escape=`\nFROM a\nRUN <<-EOF\n\tEOF\nENV X=${A%%.*}${A/b/c}\n")
	f.Add("FROM a\nENV --x\nCOPY ? *\nUSER \\\n")
	f.Fuzz(func(t *testing.T, text string) {
		file := filepath.Join(t.TempDir(), "Dockerfile")
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if image, err := Parse(file, map[string]string{"A": "a"}, ""); err == nil {
			image.Source(t.TempDir(), "/app")
		}
	})
}
