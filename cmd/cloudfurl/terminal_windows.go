package main

import "golang.org/x/sys/windows"

// columnsOf returns how many columns a console has, and whether it is one. It makes the
// console take colors; those before Windows 10 can't, and aren't one then.
//
// See: https://learn.microsoft.com/en-us/windows/console/console-virtual-terminal-sequences
func columnsOf(fd uintptr) (columns int, ok bool) {
	console, mode := windows.Handle(fd), uint32(0)
	if windows.GetConsoleMode(console, &mode) != nil || windows.SetConsoleMode(console, mode|windows.ENABLE_VIRTUAL_TERMINAL_PROCESSING) != nil {
		return 0, false
	}
	var info windows.ConsoleScreenBufferInfo
	err := windows.GetConsoleScreenBufferInfo(console, &info)
	return int(info.Window.Right - info.Window.Left + 1), err == nil
}
