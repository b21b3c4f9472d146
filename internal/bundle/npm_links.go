package bundle

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// replaceLinks replaces npm's links to programs by scripts that start them: in a zip,
// the CDK CLI replaces a link by a copy of its file, which then finds none of the
// files beside it.
func replaceLinks(dir string) error {
	return filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.Type()&fs.ModeSymlink == 0 {
			return ignoreMissing(err)
		}
		link, err := os.Readlink(path)
		if err != nil {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return fmt.Errorf("the link %s of a package leads nowhere: %w", path, err)
		}
		run := ""
		if first, _, _ := strings.Cut(string(data), "\n"); strings.HasPrefix(first, "#!") && strings.Contains(first, "node") {
			run = "node "
		}
		if err := os.Remove(path); err != nil {
			return err
		}
		return writeScript(path, fmt.Appendf(nil, "#!/bin/sh\nexec %s\"${0%%/*}/%s\" \"$@\"\n", run, filepath.ToSlash(link)))
	})
}
