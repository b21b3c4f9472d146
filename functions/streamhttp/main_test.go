package streamhttp

import (
	"embed"
	"fmt"
	"os"
	"testing"

	"go.uber.org/goleak"
)

//go:embed testdata/range.txt
var testFS embed.FS

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "streamhttp")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	binaries.dir, binaries.path = dir, map[string]string{}
	goleak.VerifyTestMain(m, goleak.Cleanup(func(code int) {
		os.RemoveAll(dir)
		os.Exit(code)
	}))
}
