package bundle

import (
	"os"
	"path/filepath"
)

// Use calls read with a directory of the packages that the lines of a requirements file
// name, such as those of a program in Python. The cache keeps them.
func (p *Python) Use(requirements string, cache Cache, read func(dir string) error) error {
	dir, err := os.MkdirTemp("", "requirements")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	if err := os.WriteFile(filepath.Join(dir, requirementsFile), []byte(requirements), plain); err != nil {
		return err
	}
	d, err := p.dependencies(dir)
	if err != nil {
		return err
	}
	return cache.use(d, read)
}
