// Package client tests package client and client/cloudfurl.mjs with `cloudfurl
// local`, which serves the app in directory app.
package client

import (
	"encoding/json"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/cloudfurl/cloudfurl/internal/localtest"
)

// built holds the command and the assembly of the app.
var built struct{ command, assembly string }

func TestMain(m *testing.M) { localtest.Main(m, build) }

func build(dir string) error {
	root := filepath.Join("..", "..")
	built.command, built.assembly = filepath.Join(dir, "cloudfurl"), filepath.Join(dir, "cdk.out")
	if err := localtest.Run(root, nil, "go", "build", "-ldflags=-s", "-o", built.command, "./cmd/cloudfurl"); err != nil {
		return err
	}
	context, err := json.Marshal(map[string]string{"cloudfurl:goos": runtime.GOOS, "cloudfurl:goarch": runtime.GOARCH})
	if err != nil {
		return err
	}
	return localtest.Run(root, []string{"CDK_OUTDIR=" + built.assembly, "CDK_CONTEXT_JSON=" + string(context)}, "go", "run", "./test/client/app")
}

// serve serves the app until the test ends.
func serve(t *testing.T) *localtest.Edge {
	t.Helper()
	return localtest.Serve(t, built.command, built.assembly)
}
