package fault

import (
	"errors"
	"syscall"
)

// Winsock's errors, which Go's names of them aren't equal to. No Unix has the numbers.
//
// See: https://learn.microsoft.com/en-us/windows/win32/winsock/windows-sockets-error-codes-2
const (
	windowsAddressInUse    = syscall.Errno(10048)
	windowsConnectionReset = syscall.Errno(10054)
)

// AddressInUse reports whether another socket listens on an address.
func AddressInUse(err error) bool {
	return errors.Is(err, syscall.EADDRINUSE) || errors.Is(err, windowsAddressInUse)
}

// ConnectionReset reports whether the other side has given up a connection.
func ConnectionReset(err error) bool {
	return errors.Is(err, syscall.ECONNRESET) || errors.Is(err, windowsConnectionReset)
}
