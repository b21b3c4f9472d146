package localtest

import (
	"fmt"
	"os"
	"testing"
)

// Main runs the tests of a package that share an assembly. Before them it calls
// prepare with a temporary directory, which it removes after them. It doesn't
// return.
func Main(m *testing.M, prepare func(dir string) error) {
	dir, err := os.MkdirTemp("", "cloudfurl-test")
	if err == nil {
		err = prepare(dir)
	}
	code := 1
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
	} else {
		code = m.Run()
	}
	os.RemoveAll(dir)
	os.Exit(code)
}
