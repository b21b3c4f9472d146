package lambda

import "os"

// unread reports that a pipe may have something to read: Windows doesn't say while
// another thread reads.
//
// See: https://learn.microsoft.com/en-us/windows/win32/api/namedpipeapi/nf-namedpipeapi-peeknamedpipe
func unread(*os.File) bool { return true }
