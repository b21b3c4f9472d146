package infra

import (
	"regexp"
	"slices"
	"strings"

	"github.com/aws/constructs-go/constructs/v10"

	"github.com/cloudfurl/cloudfurl/infra/internal/construct"
)

// portForms match how the commands of common servers fix a port, which is the
// group.
var portForms = []*regexp.Regexp{
	// gunicorn, hypercorn, waitress-serve, puma
	regexp.MustCompile(`(?:^|\s)(?:--bind|--listen|-b)[= ]\S*?:(\d+)\b`),
	// Flask, uvicorn, daphne, Datasette, Streamlit, Next.js
	regexp.MustCompile(`(?:^|\s)(?:(?:--port|--server\.port|-p)[= ]|-p)(\d+)\b`),
	// uWSGI
	regexp.MustCompile(`(?:^|\s)(?:--http|--http-socket)[= ](?:\S*:)?(\d+)\b`),
	// PHP, and serve of npm
	regexp.MustCompile(`\b(?:php|serve)(?:\s.*)?\s(?:-S|-l|--listen)[= ](?:\S*:)?(\d+)\b`),
	// Python's http.server and Django's server, after options that may have a value
	regexp.MustCompile(`\b(?:http\.server|runserver)(?:\s+-\S+(?:\s+\S*[^\s\d]\S*)?)*\s+(?:\S*:)?(\d+)(?:\s|$)`),
	// variables of the command
	regexp.MustCompile(`(?:^|\s)(?:FLASK_RUN_|UVICORN_)?PORT=(\d+)\b`),
}

// portVariable matches the variables that have the adapter's port.
var portVariable = regexp.MustCompile(`\$\{?(?:AWS_LWA_)?PORT\b`)

// checkCommand panics with an *Error about scope if what starts the app fixes
// another port than the one that the adapter sends requests to.
func (s *adapterSettings) checkCommand(scope constructs.Construct, source string, command []string) {
	port := *s.portText()
	fixed, form := fixedPort(command, port)
	if form != "" && construct.IsConcrete(&port) {
		construct.Fail(scope, nil, "%s starts the app with %q, and the adapter sends requests to port %s: give Port %s, or start the app on $PORT",
			source, form, port, fixed)
	}
}

// fixedPort returns the port that a command fixes, and how, or "". A command that
// also has the wanted port, or the variable PORT, may start several programs.
func fixedPort(command []string, wanted string) (port, form string) {
	text := strings.Join(command, " ")
	if portVariable.MatchString(text) {
		return "", ""
	}
	for _, pattern := range portForms {
		matches := pattern.FindAllStringSubmatch(text, -1)
		if slices.ContainsFunc(matches, func(match []string) bool { return match[1] == wanted }) {
			return "", ""
		}
		if len(matches) > 0 && form == "" {
			port, form = matches[0][1], strings.TrimSpace(matches[0][0])
		}
	}
	return port, form
}
