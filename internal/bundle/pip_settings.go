package bundle

import (
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
)

// pipSettings returns the settings of pip on this machine: variables, configuration
// files, and the files and directories that both name, such as those of
// constraint and find-links. Paths are relative to dir, where pip runs.
//
// Left out: the file of a Python that neither is in PATH itself nor is a virtual
// environment's.
func pipSettings(dir string) []string {
	var settings []string
	for _, variable := range variables("PIP_") {
		_, value, _ := strings.Cut(variable, "=")
		settings = append(settings, variable)
		settings = append(settings, namedFiles(dir, value)...)
	}
	for _, file := range pipFiles() {
		if text, err := os.ReadFile(file); err == nil {
			settings = append(settings, string(text))
			settings = append(settings, namedFiles(dir, string(text))...)
		}
	}
	return settings
}

// pipFiles returns the paths where pip looks for its configuration, the first ones
// first.
//
// See: https://pip.pypa.io/en/stable/topics/configuration/#location
func pipFiles() []string {
	name := "pip.conf"
	if runtime.GOOS == "windows" {
		name = "pip.ini"
	}
	files := []string{"/etc/pip.conf", "/etc/xdg/pip/pip.conf", "/Library/Application Support/pip/pip.conf"}
	for _, above := range filepath.SplitList(os.Getenv("XDG_CONFIG_DIRS")) {
		files = append(files, filepath.Join(above, "pip", name))
	}
	if data := os.Getenv("ProgramData"); data != "" {
		files = append(files, filepath.Join(data, "pip", name))
	}
	if home, err := os.UserHomeDir(); err == nil {
		files = append(files, filepath.Join(home, ".pip", name), filepath.Join(home, "pip", name), filepath.Join(home, ".config", "pip", name))
	}
	if config, err := os.UserConfigDir(); err == nil {
		files = append(files, filepath.Join(config, "pip", name))
	}
	if python, err := exec.LookPath("python3"); err == nil {
		files = append(files, filepath.Join(filepath.Dir(filepath.Dir(python)), name))
	}
	if environment := os.Getenv("VIRTUAL_ENV"); environment != "" {
		files = append(files, filepath.Join(environment, name))
	}
	return append(files, os.Getenv("PIP_CONFIG_FILE"))
}

// namedFiles returns a line for each file that words of a text name, and for each
// that is in a directory they name.
func namedFiles(dir, text string) []string {
	var lines []string
	for _, word := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(" \t\r\n=", r) }) {
		path := strings.TrimPrefix(word, "file://")
		if !filepath.IsAbs(path) {
			path = filepath.Join(dir, path)
		}
		info, err := os.Stat(path)
		if err != nil {
			continue
		}
		lines = append(lines, stateOf(info))
		if !info.IsDir() {
			continue
		}
		entries, err := os.ReadDir(path)
		if err != nil {
			continue
		}
		for _, entry := range entries {
			if info, err := entry.Info(); err == nil {
				lines = append(lines, stateOf(info))
			}
		}
	}
	return lines
}

// stateOf returns what differs after a file was written. The times of directories
// change with files that nobody names.
func stateOf(info fs.FileInfo) string {
	if info.IsDir() {
		return info.Name()
	}
	return fmt.Sprintf("%s %d %d", info.Name(), info.Size(), info.ModTime().UnixNano())
}
