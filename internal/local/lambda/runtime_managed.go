package lambda

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
)

// A managedRuntime runs handlers under a client that is embedded here.
type managedRuntime struct {
	interpreter interpreter

	// client holds the client in a folder, where main starts it. args are the
	// interpreter's arguments before that file.
	client       embed.FS
	folder, main string
	args         []string

	// layers returns the client's arguments: where layers may have modules. It may
	// be nil.
	layers func(o opt) []string

	// variables returns what the runtime sets besides the common ones, unless the
	// function does. Its files are in dir.
	variables func(c Config, dir string, o opt) map[string]string
}

// new writes the client where the interpreter can read it, and the names by which
// scripts find the interpreter.
func (m *managedRuntime) new(c Config, found foundInterpreter, o opt) (*languageRuntime, error) {
	dir, err := os.MkdirTemp("", "cloudfurl-runtime-")
	if err != nil {
		return nil, err
	}
	files, err := fs.Sub(m.client, m.folder)
	if err == nil {
		err = os.CopyFS(dir, files)
	}
	var bin string
	if err == nil {
		bin, err = m.interpreter.install(found, dir)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("can't unpack the runtime's client: %w", err), os.RemoveAll(dir))
	}
	args := append(slices.Clone(m.args), filepath.Join(dir, m.main))
	if m.layers != nil && o.dir != "" {
		args = append(args, m.layers(o)...)
	}
	return &languageRuntime{
		program:   found.program,
		args:      args,
		dir:       dir,
		files:     dir,
		bin:       bin,
		variables: m.variables(c, dir, o),
	}, nil
}
