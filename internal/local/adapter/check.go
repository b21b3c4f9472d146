package adapter

import (
	"fmt"
	"maps"
	"net"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/http/httpguts"

	"github.com/cloudfurl/cloudfurl/internal/fault"
)

// Check returns a *fault.Error, whose Property is the variable, about the first
// one with which the adapter exits, that it reads as something else than it
// says, or that it doesn't know. It returns nil if all are right.
func Check(variables map[string]string) error {
	s, err := newSettings(variables)
	if err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(variables)) {
		if _, known := rules[name]; !known && strings.HasPrefix(name, "AWS_LWA_") {
			return fault.In(name, fault.New("correct the name, or remove it", "isn't a variable of Lambda Web Adapter 1.x, which ignores it"))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(rules)) {
		v := lookup(variables, name)
		if !v.set || rules[name] == nil {
			continue
		}
		if err := rules[name](v.value, s, variables); err != nil {
			return fault.In(v.name, err)
		}
	}
	return nil
}

// A rule returns what is wrong with the value of a variable. Those that aren't
// set have none.
type rule func(value string, s settings, variables map[string]string) error

// rules are those of each variable, or nil where every value is one.
//
// See: https://awslabs.github.io/aws-lambda-web-adapter/configuration/environment-variables.html
var rules = map[string]rule{
	varPort:            checkPort,
	varHost:            nil,
	varCheckPort:       nil,
	varCheckPath:       nil,
	varCheckProtocol:   oneOf("http", "tcp"),
	varHealthyStatus:   checkHealthy,
	varMinUnhealthy:    checkMinUnhealthy,
	varBasePath:        checkBasePath,
	varPassThroughPath: nil,
	varAsyncInit:       checkBool,
	varCompression:     checkCompression,
	varInvokeMode:      oneOf("buffered", "response_stream"),
	varAuthorization:   checkAuthorization,
	varErrorStatus:     checkErrorStatus,
	varRuntimeAPIProxy: nil,
}

// checkPort is about ports on which an app can't listen on Lambda.
//
// See: https://awslabs.github.io/aws-lambda-web-adapter/configuration/environment-variables.html
func checkPort(_ string, s settings, _ map[string]string) error {
	_, text, _ := net.SplitHostPort(s.address)
	switch port, _ := strconv.Atoi(text); {
	case port < 1024:
		return fault.New("give a port from 1024 to 65535", "is %d, and apps on Lambda can't listen on ports below 1024", port)
	case port == 9001:
		return fault.New("give another port", "is 9001, where Lambda's Runtime API listens")
	}
	return nil
}

// oneOf is about a value that isn't one of these, in any case. The adapter reads it
// as the first.
func oneOf(values ...string) rule {
	return func(value string, _ settings, _ map[string]string) error {
		if slices.Contains(values, strings.ToLower(value)) {
			return nil
		}
		return fault.New("give "+strings.Join(values, " or "), "%q is read as %s", value, values[0])
	}
}

func checkBool(value string, _ settings, _ map[string]string) error {
	if value == "true" || value == "false" {
		return nil
	}
	return fault.New("give true or false", "%q is read as false", value)
}

func checkCompression(value string, s settings, variables map[string]string) error {
	if value == "true" && s.stream {
		return fault.New("remove it", "has no effect with %s=%s: streams aren't compressed", varInvokeMode, variables[varInvokeMode])
	}
	return checkBool(value, s, variables)
}

func checkHealthy(value string, s settings, variables map[string]string) error {
	if _, set := variables[varMinUnhealthy]; set {
		return fault.New("remove "+varMinUnhealthy, "is set, so %s has no effect", varMinUnhealthy)
	}
	if len(s.healthy) == 0 {
		return fault.New("give codes and ranges, such as 200-399,404", "%q has no status code, so the app never becomes ready", value)
	}
	return checkStatusCodes(value)
}

func checkMinUnhealthy(value string, _ settings, _ map[string]string) error {
	n, err := strconv.ParseUint(value, 10, 16)
	switch {
	case err != nil:
		return fault.New("give a status code", "%q isn't a status code, and is read as 500", value)
	case n <= 100:
		return fault.New("give a status code above 100", "with %d no status is healthy, so the app never becomes ready", n)
	}
	return nil
}

func checkErrorStatus(value string, _ settings, _ map[string]string) error {
	return checkStatusCodes(value)
}

// checkStatusCodes is about the parts of a list that the adapter skips.
func checkStatusCodes(list string) error {
	for part := range strings.SplitSeq(list, ",") {
		part = strings.TrimSpace(part)
		if r, ok := parseStatusRange(part); !ok || r[0] > r[1] {
			return fault.New("give codes and ranges, such as 500,502-504", "%q of %q is neither a status code nor a range of them, and is ignored", part, list)
		}
	}
	return nil
}

func checkBasePath(value string, _ settings, _ map[string]string) error {
	if value == "" || strings.HasPrefix(value, "/") {
		return nil
	}
	return fault.New(fmt.Sprintf("write %q", "/"+value), "%q doesn't begin with a slash, so no path begins with it", value)
}

func checkAuthorization(value string, _ settings, _ map[string]string) error {
	if httpguts.ValidHeaderFieldName(value) {
		return nil
	}
	return fault.New("give the name of a header", "%q isn't the name of a header, so Authorization stays as it is", value)
}
