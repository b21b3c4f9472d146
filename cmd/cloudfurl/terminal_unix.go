//go:build unix

package main

import "golang.org/x/sys/unix"

// columnsOf returns how many columns a terminal has, and whether it is one.
func columnsOf(fd uintptr) (columns int, ok bool) {
	size, err := unix.IoctlGetWinsize(int(fd), unix.TIOCGWINSZ)
	if err != nil {
		return 0, false
	}
	return int(size.Col), true
}
