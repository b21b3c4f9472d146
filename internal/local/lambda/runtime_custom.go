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
	r := newCommandRuntime(filepath.Join(c.CodeDir, bootstrapName))
	if !isFile(r.program) && c.Adapter {
		return r, nil // the bootstrap of AWS's adapter layer
	}
	checked := r.program
	if fromLayer := optDir + "/" + bootstrapName; !isFile(r.program) && isFile(o.at(fromLayer)) {
		r.program, checked = o.at(fromLayer), o.at(fromLayer)
	}
	if !isFile(checked) {
		return nil, fault.In("Code", fault.New("build the handler to a file of that name, which provided runtimes execute", "there is no file %s", checked))
	}
	return r, fault.In("Code", checkExecutable(checked))
}

// bootstrapName is what provided runtimes execute.
const bootstrapName = "bootstrap"

func isFile(path string) bool {
	info, err := os.Stat(path)
	return err == nil && !info.IsDir()
}
