//go:build unix

package bundle

import (
	"io/fs"
	"syscall"
)

func umask(mask int) (restore func()) {
	old := syscall.Umask(mask)
	return func() { syscall.Umask(old) }
}

func linksOf(info fs.FileInfo) int { return int(info.Sys().(*syscall.Stat_t).Nlink) }
