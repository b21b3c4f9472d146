package lambda

import (
	"os"
	"path/filepath"

	"github.com/cloudfurl/cloudfurl/internal/fault"
)

// newCustomRuntime runs the bootstrap in the task root, or else that of a layer.
//
// See: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-custom.html
func newCustomRuntime(c Config, o opt) (*languageRuntime, error) {
	r := newCommandRuntime(filepath.Join(c.CodeDir, bootstrapName), nil)
	if isFile(r.program + ".exe") {
		r.program += ".exe" // made for Windows
	}
	if !isFile(r.program) && c.Adapter {
		return r, nil // the bootstrap of AWS's adapter layer
	}
	if fromLayer := o.at(optDir + "/" + bootstrapName); !isFile(r.program) && isFile(fromLayer) {
		r.program = fromLayer
	}
	if !isFile(r.program) {
		return nil, fault.In("Code", fault.New("build the handler to a file of that name, which provided runtimes execute", "there is no file %s", r.program))
	}
	return r, fault.In("Code", checkExecutable(r.program))
}

// bootstrapName is what provided runtimes execute.
const bootstrapName = "bootstrap"

func isFile(path string) bool {
	info, err := os.Stat(path)
	return err == nil && !info.IsDir()
}
