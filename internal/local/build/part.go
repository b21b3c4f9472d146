package build

import "net/http"

// A Part is what has an address of its own: a distribution, a function URL or a REST
// API.
type Part struct {
	http.Handler

	// Kind is what the banner calls it, such as "distribution".
	Kind string

	// Path is the construct path, or stack and logical id if the assembly doesn't
	// have it.
	Path string

	// Hosts are the host names that reach it, first the one below localhost.
	Hosts []string

	// Prefix is what its paths begin with, such as prod/.
	// Default: none
	Prefix string

	// Front is whether viewers reach the app by it, as by a distribution, and not
	// what serves other parts.
	Front bool

	// Main is whether the main port serves it by whatever name of this machine. It
	// is the only front or, without any, the only part. Others get their own ports.
	Main bool

	// Try is a request that the part takes from everybody, such as "GET /".
	// Default: none is known
	Try string

	// Describe returns further lines for the banner, once the app has started. The
	// port is the main one. Default: nil, none
	Describe func(port string) []string
}

// chooseMain chooses the part that the main port serves. Fronts are first.
func chooseMain(parts []Part) {
	if len(parts) == 1 || len(parts) > 1 && parts[0].Front && !parts[1].Front {
		parts[0].Main = true
	}
}
