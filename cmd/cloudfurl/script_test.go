package main

import (
	"net"
	"os"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	if os.Getenv(asCommand) != "" {
		main()
	}
	testscript.Main(m, map[string]func(){"cloudfurl": main})
}

// TestScripts runs sessions of the command. Each finds an assembly that can be
// served in the directory good.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(env *testscript.Env) error {
			return os.CopyFS(filepath.Join(env.WorkDir, "good"), os.DirFS("testdata/assembly"))
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"occupy": occupy,
		},
	})
}

// occupy listens on a free port until the script ends. The variable named has
// the address.
func occupy(script *testscript.TestScript, _ bool, args []string) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	script.Check(err)
	script.Defer(func() { listener.Close() })
	script.Setenv(args[0], listener.Addr().String())
}
