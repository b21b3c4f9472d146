package lambda

import (
	"log/slog"
	"net"
	"strconv"
	"strings"

	"github.com/cloudfurl/cloudfurl/internal/fault"
)

// adapterPrefix begins the variables of the Lambda Web Adapter, which forwards
// requests to an app that listens on a port.
//
// See: https://awslabs.github.io/aws-lambda-web-adapter/configuration/environment-variables.html
const adapterPrefix = "AWS_LWA_"

// portVariables tell the app and the adapter their port, which every environment
// has for itself on AWS.
var portVariables = [...]string{"PORT", adapterPrefix + "PORT", adapterPrefix + "READINESS_CHECK_PORT"}

// hasPort reports whether the function sets a variable that gives each
// environment its own port.
func (c Config) hasPort() bool {
	return c.Environment[portVariables[0]] != "" || c.Environment[portVariables[1]] != ""
}

// usesDefaultPort reports whether the function runs behind the adapter on the
// adapter's default port.
func (c Config) usesDefaultPort() bool {
	for name := range c.Environment {
		if strings.HasPrefix(name, adapterPrefix) {
			return !c.hasPort()
		}
	}
	return false
}

// ownPorts returns the port variables of one environment, with a free port in
// place of each port that the function sets.
func (c Config) ownPorts() (map[string]string, error) {
	own, free := map[string]string{}, map[string]string{}
	for _, name := range portVariables {
		port := c.Environment[name]
		if _, err := strconv.ParseUint(port, 10, 16); err != nil {
			continue
		}
		if free[port] == "" {
			listener, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				return nil, err
			}
			defer listener.Close() // after all are chosen
			_, free[port], _ = net.SplitHostPort(listener.Addr().String())
		}
		own[name] = free[port]
	}
	return own, nil
}

// sharePort runs one environment at a time from now on, on the port that the
// template sets, because one on its own port didn't start. It returns false if
// that was so already or if the function sets no port.
func (f *Function) sharePort() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.sharedPort || !f.config.hasPort() {
		return false
	}
	f.sharedPort = true
	fault.Log(f.log, slog.LevelWarn, "runs one environment at a time from now on, on the port that the template sets",
		"the handler didn't start when PORT was the environment's own port; the app may ignore PORT",
		"let the app listen on the port in the environment variable PORT")
	return true
}

// adviseDefaultPort logs why a function runs one environment at a time.
func (f *Function) adviseDefaultPort() {
	fault.Log(f.log, slog.LevelWarn, "runs one environment at a time",
		"all environments share this machine's ports, and the function sets no port for its app",
		"set the variable PORT, and let the app listen on it: then each environment has its own port")
}
