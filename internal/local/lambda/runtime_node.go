package lambda

import (
	"embed"
	"path"
	"strconv"
	"strings"

	"github.com/cloudfurl/cloudfurl/internal/fault"
)

//go:embed runtime/node
var nodeClient embed.FS

// nodeRuntime runs handlers in Node.js under the embedded client.
//
// See: https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html
var nodeRuntime = &managedRuntime{
	interpreter: interpreter{
		language: "Node.js", names: []string{"node"},
		self:     []string{"-p", `process.execPath + "\n" + process.versions.node`},
		commands: []string{"node"},
	},
	client: nodeClient, folder: "runtime/node", main: "main.mjs",
	checkHandler: checkNodeHandler,
	variables: func(c Config, dir string, o opt) map[string]string {
		major := nodeMajor(c.Runtime)
		return map[string]string{
			"NODE_PATH": o.seen("/opt/nodejs/node"+major+"/node_modules") + ":" + o.seen("/opt/nodejs/node_modules") + ":" + dir + "/node_modules",
		}
	},
}

// nodeMajor returns the major version of Node.js in a runtime's name.
func nodeMajor(runtime string) string {
	return strings.TrimSuffix(strings.TrimPrefix(runtime, "nodejs"), ".x")
}

func checkNodeHandler(c Config) error {
	// The module's name ends at the first dot of the last part; what follows may
	// name an object in the module: "dir/file.object.function".
	dir, base := path.Split(c.Handler)
	module, function, found := strings.Cut(base, ".")
	if !found || module == "" || function == "" || strings.Contains(c.Handler, "..") {
		return fault.In("Handler", fault.New("write file.function, as in index.handler", "invalid handler %q", c.Handler))
	}
	extensions := []string{"", ".js", ".mjs", ".cjs"}
	if major, err := strconv.Atoi(nodeMajor(c.Runtime)); err == nil && major >= 24 {
		extensions = append(extensions, ".ts", ".mts", ".cts")
	}
	return checkHandler(c, dir+module, extensions...)
}
