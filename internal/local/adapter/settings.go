package adapter

import (
	"fmt"
	"net"
	"net/url"
	"strconv"
	"strings"

	"github.com/cloudfurl/cloudfurl/internal/fault"
)

// Environment variables that the adapter reads. Those without a prefix are
// read if the variable with the prefix isn't set.
//
// See: https://awslabs.github.io/aws-lambda-web-adapter/configuration/environment-variables.html
const (
	varPort            = "AWS_LWA_PORT"
	varHost            = "AWS_LWA_HOST"
	varCheckPort       = "AWS_LWA_READINESS_CHECK_PORT"
	varCheckPath       = "AWS_LWA_READINESS_CHECK_PATH"
	varCheckProtocol   = "AWS_LWA_READINESS_CHECK_PROTOCOL"
	varHealthyStatus   = "AWS_LWA_READINESS_CHECK_HEALTHY_STATUS"
	varMinUnhealthy    = "AWS_LWA_READINESS_CHECK_MIN_UNHEALTHY_STATUS"
	varBasePath        = "AWS_LWA_REMOVE_BASE_PATH"
	varPassThroughPath = "AWS_LWA_PASS_THROUGH_PATH"
	varAsyncInit       = "AWS_LWA_ASYNC_INIT"
	varCompression     = "AWS_LWA_ENABLE_COMPRESSION"
	varInvokeMode      = "AWS_LWA_INVOKE_MODE"
	varAuthorization   = "AWS_LWA_AUTHORIZATION_SOURCE"
	varErrorStatus     = "AWS_LWA_ERROR_STATUS_CODES"
	varRuntimeAPIProxy = "AWS_LWA_LAMBDA_RUNTIME_API_PROXY"
)

// unprefixed are the older names. PORT is not deprecated, the others are.
//
// Seen: 1.0.0-rc1.
var unprefixed = map[string]string{
	varPort:          "PORT",
	varHost:          "HOST",
	varCheckPort:     "READINESS_CHECK_PORT",
	varCheckPath:     "READINESS_CHECK_PATH",
	varCheckProtocol: "READINESS_CHECK_PROTOCOL",
	varBasePath:      "REMOVE_BASE_PATH",
	varAsyncInit:     "ASYNC_INIT",
}

const (
	defaultHost        = "127.0.0.1"
	defaultPort        = "8080"
	defaultPassThrough = "/events"
)

// settings are what the variables say, read as the adapter reads them: what it
// doesn't understand counts as not set.
type settings struct {
	address       string // of the app, host:port
	check         *url.URL
	checkTCP      bool
	healthy       statusCodes
	basePath      string
	passThrough   string
	asyncInit     bool
	compress      bool
	stream        bool
	authorization string // the name of a header, or ""
	errorStatus   statusCodes
	runtimeAPI    string // in place of the environment's, or ""
	function      functionConfig
}

// A variable is what lookup found.
type variable struct {
	name, value string
	set         bool
}

// lookup returns a variable by its name with the prefix. One that is set to
// nothing counts as set.
func lookup(variables map[string]string, name string) variable {
	for _, n := range []string{name, unprefixed[name]} {
		if value, ok := variables[n]; ok && n != "" {
			return variable{n, value, true}
		}
	}
	return variable{name: name}
}

// or returns v, with a value if it isn't set.
func (v variable) or(value string) variable {
	if !v.set {
		v.value = value
	}
	return v
}

// newSettings returns an error where the adapter would exit.
func newSettings(variables map[string]string) (settings, error) {
	get := func(name string) variable { return lookup(variables, name) }
	host, port := get(varHost).or(defaultHost), get(varPort).or(defaultPort)
	checkPort := get(varCheckPort)
	if !checkPort.set {
		checkPort = port
	}
	address, err := appAddress(host, port)
	if err != nil {
		return settings{}, err
	}
	check, err := checkURL(host, checkPort, get(varCheckPath).or("/"))
	if err != nil {
		return settings{}, err
	}
	s := settings{
		address: address, check: check,
		checkTCP:      strings.EqualFold(get(varCheckProtocol).value, "tcp"),
		healthy:       healthyStatus(get(varHealthyStatus), get(varMinUnhealthy)),
		basePath:      get(varBasePath).value,
		passThrough:   get(varPassThroughPath).or(defaultPassThrough).value,
		asyncInit:     get(varAsyncInit).value == "true",
		stream:        strings.EqualFold(get(varInvokeMode).value, "response_stream"),
		authorization: get(varAuthorization).value,
		errorStatus:   parseStatusCodes(get(varErrorStatus).value),
		runtimeAPI:    get(varRuntimeAPIProxy).value,
		function:      newFunctionConfig(variables),
	}
	s.compress = get(varCompression).value == "true" && !s.stream
	if s.checkTCP && check.Port() == "80" {
		return settings{}, fault.In(checkPort.name, fault.New("use another port than 80", "the adapter can't check port 80 by TCP, and exits"))
	}
	return s, nil
}

// appAddress returns host:port. An empty port is that of http URLs.
func appAddress(host, port variable) (string, error) {
	if u, err := url.Parse("http://" + host.value); err != nil || host.value == "" || u.Host != host.value {
		return "", fault.In(host.name, fault.New("give a name or an address, such as 127.0.0.1", "%q isn't a host; the adapter exits", host.value))
	}
	number, err := strconv.ParseUint(port.value, 10, 16)
	switch {
	case port.value == "":
		number = 80
	case err != nil:
		return "", fault.In(port.name, fault.New("give a number from 1024 to 65535", "%q isn't a port; the adapter exits", port.value))
	}
	return net.JoinHostPort(strings.Trim(host.value, "[]"), strconv.FormatUint(number, 10)), nil
}

// checkURL returns what is polled. The path stands behind the port as it is, so
// one without a slash makes the port wrong.
//
// Seen: 1.0.0-rc1.
func checkURL(host, port, path variable) (*url.URL, error) {
	address, err := appAddress(host, port)
	if err != nil {
		return nil, err
	}
	p := path.value
	if p != "" && !strings.ContainsRune(`/?#\`, rune(p[0])) {
		return nil, fault.In(path.name, fault.New(fmt.Sprintf("write %q", "/"+p), "%q doesn't begin with a slash; the adapter exits", p))
	}
	p, _, _ = strings.Cut(p, "#")
	p, query, _ := strings.Cut(p, "?")
	return newURL(address, p, query), nil
}
