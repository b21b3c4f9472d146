package lambda

import (
	"cmp"
	"log/slog"
	"maps"
	"net"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/cloudfurl/cloudfurl/internal/fault"
)

// adapterPrefix begins the variables of the Lambda Web Adapter, which forwards
// requests to an app that listens on a port.
//
// See: https://awslabs.github.io/aws-lambda-web-adapter/configuration/environment-variables.html
const adapterPrefix = "AWS_LWA_"

// defaultPort is where the adapter expects the app if no variable names a port.
//
// See: https://awslabs.github.io/aws-lambda-web-adapter/configuration/environment-variables.html
const defaultPort = "8080"

// Variables that tell the app and the adapter their port, which every environment
// has for itself on AWS.
const (
	portVariable          = "PORT"
	adapterPortVariable   = adapterPrefix + "PORT"
	readinessPortVariable = adapterPrefix + "READINESS_CHECK_PORT"
)

// ports returns the ports that the function sets by these variables, or the default
// behind the adapter.
func (c Config) ports() map[string]string {
	ports := map[string]string{}
	for _, name := range []string{portVariable, adapterPortVariable, readinessPortVariable} {
		if _, err := strconv.ParseUint(c.Environment[name], 10, 16); err == nil {
			ports[name] = c.Environment[name]
		}
	}
	behindAdapter := c.Adapter
	for name := range c.Environment {
		behindAdapter = behindAdapter || strings.HasPrefix(name, adapterPrefix)
	}
	if behindAdapter && c.Environment[portVariable] == "" && c.Environment[adapterPortVariable] == "" {
		ports[portVariable], ports[adapterPortVariable] = defaultPort, defaultPort
	}
	return ports
}

// newPorts returns the port variables of one environment, with a free port in
// place of each port of the function.
func (c Config) newPorts() (map[string]string, error) {
	own, free := map[string]string{}, map[string]string{}
	for name, port := range c.ports() {
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

// appPort returns the port that the app should listen on.
func appPort(ports map[string]string) string {
	return cmp.Or(ports[adapterPortVariable], ports[portVariable])
}

// portInterval is the time between two looks at where an app listens.
const portInterval = 250 * time.Millisecond

// watchPort notices an app that ignores the environment's own port and listens on
// that of the template, or may not because another environment does. The stand-in
// follows the first, whose init phase goes on; another adapter can't, so its
// environment ends.
func (e *environment) watchPort() {
	f := e.function
	own, given := appPort(e.ownPorts), appPort(f.config.ports())
	ticker := time.NewTicker(portInterval)
	defer ticker.Stop()
	for times := 0; times < 2; {
		select {
		case <-e.ready:
			return
		case <-e.dead:
			return
		case <-ticker.C:
		}
		ports := e.listening()
		switch {
		case listensOn(ports, own) || !listensOn(ports, given) && !f.sharesPort():
			times = 0 // it may be about to listen on both
		case listensOn(ports, given):
			times++
		default:
			e.kill(errPortIgnored, nil)
			return
		}
	}
	f.sharePort()
	if !f.config.Adapter || !e.followPort() {
		e.kill(errPortIgnored, nil)
	}
}

// followPort starts the stand-in again, with the ports of the template. It returns
// false if the init phase is over.
func (e *environment) followPort() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.phase != phaseInit {
		return false
	}
	e.stopAdapter()
	e.values = maps.Clone(e.values)
	maps.Copy(e.values, e.function.config.ports())
	e.ownPorts = nil
	e.startAdapter()
	return true
}

// losesPort reports whether an app that exited at start had a port of its own, and
// another environment is on the one of the template, as it may have wanted to be.
func (e *environment) losesPort() bool {
	f := e.function
	f.mu.Lock()
	others, shared := slices.Collect(maps.Keys(f.environments)), f.sharedPort
	f.mu.Unlock()
	onGiven := func(other *environment) bool { return listensOn(other.listening(), appPort(f.config.ports())) }
	return appPort(e.ownPorts) != "" && (shared || slices.ContainsFunc(others, onGiven))
}

func listensOn(ports []int, port string) bool {
	number, err := strconv.Atoi(port)
	return err == nil && slices.Contains(ports, number)
}

// mayIgnorePort reports whether an app that wasn't ready in time may listen on
// the port of the template. Where the system tells, watchPort has seen that.
func (e *environment) mayIgnorePort() bool {
	config := &e.function.config
	return appPort(e.ownPorts) != "" && len(e.ports) == 0 && (!config.isApp() || !tellsPorts)
}

func (f *Function) sharesPort() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.sharedPort
}

// sharePort runs one environment at a time from now on, on the port that the
// template sets, because one on its own port didn't start.
func (f *Function) sharePort() {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.sharedPort || appPort(f.config.ports()) == "" {
		return
	}
	f.sharedPort = true
	fault.Log(f.log, slog.LevelWarn, "runs one environment at a time from now on, on port "+appPort(f.config.ports()),
		"the app ignores PORT, which is the environment's own port here, and all environments share this machine's ports",
		"let the app listen on the port in the environment variable PORT")
}
