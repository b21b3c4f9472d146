package bundle

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// The directories of programs and C headers that packages install.
const (
	scripts = "bin"
	headers = "include"
)

// shebang starts programs with the python3 of the machine that they run on.
const shebang = "#!/usr/bin/env python3\n"

// ofInstaller are the files of a package that depend on what installed it.
var ofInstaller = []string{"direct_url.json", "uv_cache.json", "INSTALLER", "REQUESTED"}

// normalize removes what depends on this machine or its uv from installed packages: uv
// writes its Python's path into programs, and paths of local packages.
func normalize(dir string) error {
	infos, err := filepath.Glob(filepath.Join(dir, "*.dist-info"))
	if err != nil {
		return err
	}
	err = errors.Join(fixScripts(filepath.Join(dir, scripts)), os.RemoveAll(filepath.Join(dir, ".lock")))
	for _, info := range infos {
		for _, name := range ofInstaller {
			err = errors.Join(err, os.RemoveAll(filepath.Join(info, name)))
		}
	}
	// C headers, below which the installer names its own Python. Nothing needs them in
	// Lambda.
	if !exists(dir, filepath.Join(headers, "__init__.py")) {
		err = errors.Join(err, os.RemoveAll(filepath.Join(dir, headers)))
	}
	for _, info := range infos {
		err = errors.Join(err, rewriteRecord(dir, info))
	}
	return err
}

// pythonShebang matches a program's first lines that name the Python which runs it. The
// first form is for paths that are long or have spaces.
//
// Seen: uv 0.13.9.
var pythonShebang = regexp.MustCompile(`^#!(?:/bin/sh\n'''exec'[^\n]*python[^\n]*\n' '''|[^\n]*python[^\n]*)\n`)

// versionedScript matches programs of pip and setuptools whose names have the
// version of this machine's Python, and those for Windows.
//
// Seen: uv 0.13.9.
var versionedScript = regexp.MustCompile(`^(pip|easy_install-)3\.\d+$|\.exe$`)

func fixScripts(dir string) (failed error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return ignoreMissing(err)
	}
	for _, entry := range entries {
		path := filepath.Join(dir, entry.Name())
		if entry.IsDir() {
			continue
		}
		if versionedScript.MatchString(entry.Name()) {
			failed = errors.Join(failed, os.Remove(path))
			continue
		}
		data, err := os.ReadFile(path)
		if head := pythonShebang.Find(data); head != nil {
			err = writeScript(path, append([]byte(shebang), data[len(head):]...))
		}
		failed = errors.Join(failed, err)
	}
	return failed
}

func writeScript(path string, data []byte) error {
	return errors.Join(os.WriteFile(path, data, executable), os.Chmod(path, executable))
}

var upwards = regexp.MustCompile(`^(\.\./)+`)

// rewriteRecord writes a package's list of files as they are now. Nothing reads their
// optional hashes after an installation.
//
// See: https://packaging.python.org/en/latest/specifications/recording-installed-packages/#the-record-file
func rewriteRecord(dir, info string) error {
	path := filepath.Join(info, "RECORD")
	data, err := os.ReadFile(path)
	if err != nil {
		return ignoreMissing(err)
	}
	rows, err := csv.NewReader(bytes.NewReader(data)).ReadAll()
	if err != nil {
		return fmt.Errorf("%s isn't a list of files: %w", path, err)
	}
	var kept [][]string
	for _, row := range rows {
		// Files beside the modules are recorded relative to a package of an interpreter. A
		// package may name any path.
		name := filepath.FromSlash(upwards.ReplaceAllString(row[0], ""))
		if !filepath.IsLocal(name) {
			continue
		}
		if info, err := os.Lstat(filepath.Join(dir, name)); err != nil || !info.Mode().IsRegular() {
			continue
		}
		kept = append(kept, []string{filepath.ToSlash(name), "", ""})
	}
	slices.SortFunc(kept, slices.Compare)
	var text bytes.Buffer
	if err := csv.NewWriter(&text).WriteAll(kept); err != nil {
		return err
	}
	return os.WriteFile(path, text.Bytes(), plain)
}

func ignoreMissing(err error) error {
	if os.IsNotExist(err) {
		return nil
	}
	return err
}

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
