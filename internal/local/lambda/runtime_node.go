package lambda

import (
	"embed"
	"strings"
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
	variables: func(c Config, dir string, o opt) map[string]string {
		major := strings.TrimSuffix(strings.TrimPrefix(c.Runtime, "nodejs"), ".x")
		return map[string]string{
			"NODE_PATH": strings.Join([]string{o.at("/opt/nodejs/node" + major + "/node_modules"), o.at("/opt/nodejs/node_modules"), dir + "/node_modules"}, listSeparator),
		}
	},
}
