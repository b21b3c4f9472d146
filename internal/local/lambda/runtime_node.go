package lambda

import (
	"embed"
	"path"
	"strings"

	"github.com/cloudfurl/cloudfurl/internal/fault"
)

//go:embed runtime/node
var nodeClient embed.FS

// newNodeRuntime runs the handler in Node.js under the embedded client.
//
// See: https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html
func newNodeRuntime(c Config) (*languageRuntime, error) {
	// The module's name ends at the first dot of the last part; what follows may
	// name an object in the module: "dir/file.object.function".
	dir, base := path.Split(c.Handler)
	module, function, found := strings.Cut(base, ".")
	if !found || module == "" || function == "" || strings.Contains(c.Handler, "..") {
		return nil, fault.In("Handler", fault.New("write file.function, as in index.handler", "invalid handler %q", c.Handler))
	}
	extensions := []string{"", ".js", ".mjs", ".cjs"}
	if c.Runtime == "nodejs24.x" {
		extensions = append(extensions, ".ts", ".mts", ".cts")
	}
	if err := checkHandler(c, dir+module, extensions...); err != nil {
		return nil, err
	}
	node, err := interpreter{
		language: "Node.js", names: []string{"node"},
		self: []string{"-p", "process.execPath"},
	}.find(c)
	if err != nil {
		return nil, err
	}
	return newEmbeddedRuntime(node, nodeClient, "runtime/node", "main.mjs")
}
