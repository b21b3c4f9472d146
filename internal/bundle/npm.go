package bundle

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/cloudfurl/cloudfurl/internal/publish"
)

// A Node is what packages of npm are installed for.
type Node struct {
	// OS and CPU are Node.js's names: linux or darwin, and arm64 or x64.
	OS, CPU string
}

// NodeOf returns the Node of a machine, by Go's names of its system and CPU.
//
// See: https://nodejs.org/api/process.html#processarch
func NodeOf(goos, goarch string) *Node {
	if goos == "windows" {
		goos = "win32"
	}
	if goarch == "amd64" {
		goarch = "x64"
	}
	return &Node{OS: goos, CPU: goarch}
}

// The files that name an app's packages, and the directory of these.
const (
	packageFile    = "package.json"
	packageLock    = "package-lock.json"
	npmSettings    = ".npmrc"
	nodeModules    = "node_modules"
	installedState = ".package-lock.json"
)

// A npmPackages is the packages of a package-lock.json.
type npmPackages struct {
	node *Node
	dir  string
	lock lockFile
}

// A lockFile is the part of a package-lock.json that decides whether it can be
// installed for another machine.
//
// See: https://docs.npmjs.com/cli/v11/configuring-npm/package-lock-json
type lockFile struct {
	LockfileVersion int                      `json:"lockfileVersion"`
	Packages        map[string]lockedPackage `json:"packages"`
}

type lockedPackage struct {
	Resolved         string `json:"resolved"`
	Link             bool   `json:"link"`
	Dev              bool   `json:"dev"`
	HasInstallScript bool   `json:"hasInstallScript"`
}

// file returns the path of the archive that a package is installed from, or "" if
// that isn't a file.
func (p lockedPackage) file() string {
	path, ok := strings.CutPrefix(p.Resolved, "file:")
	if !ok || p.Link {
		return ""
	}
	return path
}

// dependencies returns the packages that the files of an app's directory name.
func (n *Node) dependencies(dir string) (dependencies, error) {
	var manifest struct {
		Dependencies         map[string]string `json:"dependencies"`
		OptionalDependencies map[string]string `json:"optionalDependencies"`
	}
	if err := readJSON(dir, packageFile, &manifest); err != nil {
		return nil, ignoreMissing(err)
	}
	if len(manifest.Dependencies)+len(manifest.OptionalDependencies) == 0 {
		return nil, nil
	}
	packages := &npmPackages{node: n, dir: dir}
	err := readJSON(dir, packageLock, &packages.lock)
	if os.IsNotExist(err) {
		// A build has put together what it needs, as that of Next.js does.
		if info, err := os.Stat(filepath.Join(dir, nodeModules)); err == nil && info.IsDir() {
			return nil, nil
		}
		return nil, fmt.Errorf("%s has a %s and no %s: write it by npm install --package-lock-only, or use ImageHandler with another package manager",
			dir, packageFile, packageLock)
	}
	if err == nil {
		err = packages.check()
	}
	if err != nil {
		return nil, err
	}
	return packages, nil
}

func readJSON(dir, name string, to any) error {
	data, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		return err
	}
	if data, err = decode(data); err == nil {
		err = json.Unmarshal(data, to)
	}
	if err != nil {
		return fmt.Errorf("%s of %s isn't JSON: %w", name, dir, err)
	}
	return nil
}

// check returns why npm couldn't install the packages outside of the app's
// directory.
func (p *npmPackages) check() error {
	if p.lock.LockfileVersion < 2 {
		return fmt.Errorf("%s of %s has lockfileVersion %d: write it anew by npm install --package-lock-only with npm 7 or later",
			packageLock, p.dir, p.lock.LockfileVersion)
	}
	for name, locked := range p.lock.Packages {
		name = strings.TrimPrefix(name, nodeModules+"/")
		if locked.Link {
			return fmt.Errorf("%s of %s has the package %s, which is a directory, not an archive: publish it, or npm pack it into a file of the app",
				packageLock, p.dir, name)
		}
		if file := locked.file(); file != "" && !filepath.IsLocal(file) {
			return fmt.Errorf("%s of %s has the package %s in the file %s, which isn't below the app's directory: put it there", packageLock, p.dir, name, file)
		}
	}
	return nil
}

// scripted returns the packages that run a script when they are installed.
func (p *npmPackages) scripted() []string {
	var names []string
	for path, locked := range p.lock.Packages {
		if locked.HasInstallScript && !locked.Dev && path != "" {
			names = append(names, path[strings.LastIndex(path, nodeModules+"/")+len(nodeModules+"/"):])
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func (p *npmPackages) files() (map[string]string, error) {
	names := []string{packageFile, packageLock, npmSettings}
	for _, locked := range p.lock.Packages {
		if file := locked.file(); file != "" {
			names = append(names, file)
		}
	}
	files := map[string]string{}
	for _, name := range names {
		data, err := os.ReadFile(filepath.Join(p.dir, name))
		if os.IsNotExist(err) && name == npmSettings {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("couldn't read what npm installs in %s: %w", p.dir, err)
		}
		files[name] = string(data)
	}
	return files, nil
}

func (p *npmPackages) key() (string, error) {
	files, err := p.files()
	if err != nil {
		return "", err
	}
	data, err := json.Marshal([]any{"npm", p.node, files, userNpmSettings()})
	return string(data), err
}

// userNpmSettings returns npm's settings outside of the app's directory: variables,
// and the user's file.
//
// See: https://docs.npmjs.com/cli/v11/using-npm/config
func userNpmSettings() []string {
	settings := variables("npm_config_")
	home, err := os.UserHomeDir()
	if err != nil {
		return settings
	}
	text, err := os.ReadFile(filepath.Join(home, npmSettings))
	if err != nil {
		return settings
	}
	return append(settings, string(text))
}

// install runs npm ci without scripts of packages: they would build for this
// machine, and differently each time.
//
// See: https://docs.npmjs.com/cli/v11/commands/npm-ci
func (p *npmPackages) install(target string) error {
	project, err := p.copy(filepath.Dir(target))
	if err != nil {
		return err
	}
	arguments := []string{"ci", "--omit=dev", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", "--os=" + p.node.OS, "--cpu=" + p.node.CPU}
	if p.node.OS == "linux" {
		arguments = append(arguments, "--libc=glibc")
	}
	command := exec.Command("npm", arguments...)
	command.Dir = project
	if output, err := command.CombinedOutput(); err != nil {
		return p.failure(err, string(output))
	}
	modules := filepath.Join(target, nodeModules)
	if err := os.Rename(filepath.Join(project, nodeModules), modules); err != nil {
		return ignoreMissing(err)
	}
	if err := os.Remove(filepath.Join(modules, installedState)); err != nil && !os.IsNotExist(err) {
		return err
	}
	return replaceLinks(modules)
}

// copy copies what npm reads to a new directory below parent.
func (p *npmPackages) copy(parent string) (string, error) {
	files, err := p.files()
	if err != nil {
		return "", err
	}
	project := filepath.Join(parent, "project")
	for name, content := range files {
		path := filepath.Join(project, name)
		if err := publish.MakeDirectory(filepath.Dir(path)); err != nil {
			return "", err
		}
		if err := os.WriteFile(path, []byte(content), plain); err != nil {
			return "", err
		}
	}
	return project, nil
}

func (p *npmPackages) failure(err error, output string) error {
	if errors.Is(err, exec.ErrNotFound) {
		return fmt.Errorf("installing %s of %s needs npm, which is not in PATH: install Node.js from https://nodejs.org", packageLock, p.dir)
	}
	output, _, _ = strings.Cut(output, "npm error Clean install a project")
	return fmt.Errorf("npm couldn't install %s of %s for %s on %s (%w):\n%s", packageLock, p.dir, p.node.OS, p.node.CPU, err, output)
}
