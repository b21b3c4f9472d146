package lambda

import (
	"os"
	"path/filepath"
	"strings"

	"github.com/cloudfurl/cloudfurl/internal/fault"
)

// newImageRuntime runs the program of a container image.
func newImageRuntime(c Config) (*languageRuntime, error) {
	name := c.Command[0]
	program, err := lookPath(name, c)
	if err != nil {
		return nil, fault.In("ImageConfig.Command", err)
	}
	return &languageRuntime{custom: true, program: program, args: c.Command[1:], dir: customRuntimeDir, remove: func() {}}, nil
}

// lookPath returns the file that a command starts. A name with a slash is relative
// to the working directory.
func lookPath(name string, c Config) (string, error) {
	if strings.Contains(name, "/") {
		program := name
		if !filepath.IsAbs(name) {
			program = filepath.Join(c.CodeDir, name)
		}
		if !isFile(program) {
			return "", fault.New("correct the command, or build the file", "there is no file %s", program)
		}
		return program, checkExecutable(program)
	}
	path := c.Environment["PATH"]
	if path == "" {
		path = strings.Join(append(append([]string{}, c.SearchPath...), lambdaPath), ":")
	}
	for _, dir := range filepath.SplitList(path) {
		program := filepath.Join(dir, name)
		if info, err := os.Stat(program); err == nil && !info.IsDir() && info.Mode()&0o111 != 0 {
			return program, nil
		}
	}
	return "", fault.New("install "+name+", or correct the command", "there is no program %s in %s", name, path)
}
