package bundle

import (
	"archive/zip"
	"cmp"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/cloudfurl/cloudfurl/internal/publish"
)

// MaxSize is Lambda's limit for the code with its layers, unzipped, in bytes.
//
// See: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
// Seen: Lambda's message says 262144000 bytes.
const MaxSize = 250 << 20

// A treeSize is the size of the files of a directory.
type treeSize struct {
	total   int64
	largest []sizedEntry
}

type sizedEntry struct {
	name  string
	bytes int64
}

// UnzippedSize returns the size of the files below a directory, or in a zip, in
// bytes.
func UnzippedSize(path string) (int64, error) {
	if info, err := os.Stat(path); err != nil || info.IsDir() {
		size, err := sizeOf(path)
		return size.total, err
	}
	archive, err := zip.OpenReader(path)
	if err != nil {
		return 0, err
	}
	defer archive.Close()
	var bytes int64
	for _, file := range archive.File {
		bytes += int64(file.UncompressedSize64)
	}
	return bytes, nil
}

// sizeOf returns the size of the files below a directory.
func sizeOf(dir string) (treeSize, error) {
	sizes := map[string]int64{}
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		relative, err := filepath.Rel(dir, path)
		sizes[topOf(filepath.ToSlash(relative))] += info.Size()
		return err
	})
	return newTreeSize(sizes), err
}

// sizeOfSelection returns the size of an app's own files.
func sizeOfSelection(selection *publish.Selection) treeSize {
	sizes := map[string]int64{}
	for _, file := range selection.Files {
		sizes[topOf(file.Path)] += file.Size()
	}
	return newTreeSize(sizes)
}

// newTreeSize returns the sum of sizes by name.
func newTreeSize(sizes map[string]int64) (size treeSize) {
	for name, bytes := range sizes {
		size.total += bytes
		size.largest = append(size.largest, sizedEntry{name, bytes})
	}
	slices.SortFunc(size.largest, func(a, b sizedEntry) int {
		return cmp.Or(cmp.Compare(b.bytes, a.bytes), strings.Compare(a.name, b.name))
	})
	return size
}

// topOf returns the directory or package that a file belongs to.
func topOf(path string) string {
	parts := strings.Split(path, "/")
	switch {
	case parts[0] != "node_modules" || len(parts) < 3:
		return parts[0]
	case strings.HasPrefix(parts[1], "@") && len(parts) > 3:
		return strings.Join(parts[:3], "/")
	}
	return strings.Join(parts[:2], "/")
}

// checkSize returns an error if the app's own files and its packages are too large
// for Lambda.
func checkSize(own, installed treeSize) error {
	if own.total+installed.total <= MaxSize {
		return nil
	}
	var largest []string
	for _, entry := range slices.Concat(own.largest[:min(3, len(own.largest))], installed.largest[:min(5, len(installed.largest))]) {
		largest = append(largest, fmt.Sprintf("%s (%s)", entry.name, Megabytes(entry.bytes)))
	}
	return fmt.Errorf("the app has %s and its dependencies %s, together more than Lambda's %s for a zip with its layers: "+
		"exclude files, use fewer packages, or use ImageHandler, whose limit is 10 GB. The largest: %s",
		Megabytes(own.total), Megabytes(installed.total), Megabytes(MaxSize), strings.Join(largest, ", "))
}

// Megabytes returns a number of bytes for messages.
func Megabytes(bytes int64) string {
	return fmt.Sprintf("%.1f MB", float64(bytes)/(1<<20))
}
