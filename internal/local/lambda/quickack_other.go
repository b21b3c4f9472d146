//go:build !linux

package lambda

import "net"

// acknowledgeAtOnce returns the listener: only Linux has TCP_QUICKACK.
func acknowledgeAtOnce(listener net.Listener) net.Listener { return listener }
