package scaffold

import (
	"encoding/json"
	"path"
	"slices"
	"strings"

	"github.com/cloudfurl/cloudfurl/internal/fault"
)

// A manifest is what a package.json says of how an app is built and started.
type manifest struct {
	Dependencies, DevDependencies, Scripts map[string]string
	Main                                   string
}

// manifest reads the package.json of the directory. Without the file, it is empty.
func (d directory) manifest() (m manifest, err error) {
	if d.has("package.json") {
		err = json.Unmarshal([]byte(d.text("package.json")), &m)
	}
	if err != nil {
		return m, fault.New("correct it", "has a package.json that can't be read: %w", err)
	}
	return m, nil
}

func (m manifest) dependsOn(name string) bool {
	return m.Dependencies[name] != "" || m.DevDependencies[name] != ""
}

func (m manifest) build() string {
	if m.Scripts["build"] == "" {
		return ""
	}
	return "cd .. && npm run build"
}

// nextBuild makes the server of a Next.js app, with its files beside it. The variable
// is the default of output: "standalone" in next.config.
//
// See: https://nextjs.org/docs/app/api-reference/config/next-config-js/output
// Seen: defaultConfig of Next.js 16.4.
const nextBuild = `set -e; cd ..; NEXT_PRIVATE_STANDALONE=true npm run build; cp -R .next/static .next/standalone/.next/; if test -d public; then cp -R public .next/standalone/; fi`

func findNext(d directory) (*Plan, error) {
	m, err := d.manifest()
	if !m.dependsOn("next") {
		return nil, err
	}
	return &Plan{
		What: "a Next.js app", Dir: "../.next/standalone", Command: "HOSTNAME=127.0.0.1 node server.js", Build: nextBuild,
		Notes: []string{"The server has the static files, too: docs/web-apps.md shows how a bucket serves them."},
	}, nil
}

func findNode(d directory) (*Plan, error) {
	m, err := d.manifest()
	command := m.Scripts["start"]
	if command == "" && m.dependsOn("@sveltejs/adapter-node") {
		command = "node build"
	}
	servers := slices.DeleteFunc(append([]string{path.Clean(m.Main)}, d.with(".js", ".mjs", ".cjs")...), func(file string) bool {
		return command != "" && !strings.Contains(command, path.Base(file)) || !strings.Contains(d.text(file), "listen(")
	})
	servers = append(servers, "")
	if command == "" && servers[0] != "" {
		command = "node " + servers[0]
	}
	if err != nil || command == "" || !d.has("package.json") || m.dependsOn("next") {
		return nil, err
	}
	return &Plan{What: "a Node.js server, " + command, Notes: []string{hostNote}, Command: command, Port: port(d.text(servers[0])), Build: m.build()}, nil
}
