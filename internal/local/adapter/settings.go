package adapter

import (
	"log/slog"
	"maps"
	"net"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/http/httpguts"

	"github.com/cloudfurl/cloudfurl/internal/fault"
)

// settings are what the variables say.
type settings struct {
	address       string // of the app, host:port
	check         *url.URL
	checkTCP      bool
	healthy       statusCodes
	basePath      string
	asyncInit     bool
	compress      bool
	stream        bool
	authorization string // the name of a header in lower case, or ""
	errorStatus   statusCodes
}

// prefix begins the names of variables. These count without it too, if they aren't
// set with it.
//
// Seen: 1.0.0-rc1.
const prefix = "AWS_LWA_"

var olderNames = []string{
	"PORT", "HOST", "READINESS_CHECK_PORT", "READINESS_CHECK_PATH", "READINESS_CHECK_PROTOCOL", "REMOVE_BASE_PATH", "ASYNC_INIT",
}

// newSettings reads the variables. An error is a *fault.Error whose Property is the
// variable.
func newSettings(variables map[string]string) (settings, error) {
	r := &reader{variables: variables, known: map[string]bool{}}
	return r.settings(), r.err
}

// Check returns a *fault.Error, whose Property is the variable, about the first one
// that is wrong, or nil.
func Check(variables map[string]string) error {
	_, err := newSettings(variables)
	return err
}

// Warn logs what the stand-in, or the adapter, does otherwise than the variables say.
func Warn(variables map[string]string, log *slog.Logger) {
	r := &reader{variables: variables, known: map[string]bool{}}
	if r.settings().compress {
		fault.Log(log, slog.LevelWarn, "responses aren't compressed here", "the stand-in for AWS's adapter leaves out AWS_LWA_ENABLE_COMPRESSION",
			"test it on AWS, or use AWS's adapter with --layer")
	}
	for _, name := range slices.Sorted(maps.Keys(variables)) {
		if known, ok := strings.CutPrefix(name, prefix); ok && !r.known[known] {
			fault.Log(log, slog.LevelWarn, name+" has no effect", "it isn't a variable of Lambda Web Adapter 1.x, which ignores it", "correct the name, or remove it")
		}
	}
}

// See: https://awslabs.github.io/aws-lambda-web-adapter/configuration/environment-variables.html
func (r *reader) settings() settings {
	const pathText, statusText = "empty or a path that begins with a slash", "a list of status codes and ranges, such as 500,502-504"
	host := r.text("HOST", "127.0.0.1", "a name or an address, such as 127.0.0.1", isHost)
	port := r.text("PORT", "8080", portText, isPort)
	check := net.JoinHostPort(strings.Trim(host, "[]"), r.text("READINESS_CHECK_PORT", port, portText, isPort))
	checkPath, _, _ := strings.Cut(r.text("READINESS_CHECK_PATH", "/", pathText, isPath), "#")
	checkPath, checkQuery, _ := strings.Cut(checkPath, "?")
	unhealthy, _ := strconv.Atoi(r.text("READINESS_CHECK_MIN_UNHEALTHY_STATUS", "500", "a status code above 100", func(value string) bool {
		n, err := strconv.ParseUint(value, 10, 16)
		return err == nil && n > 100
	}))
	s := settings{
		address:       net.JoinHostPort(strings.Trim(host, "[]"), port),
		check:         newURL(check, checkPath, checkQuery),
		checkTCP:      r.oneOf("READINESS_CHECK_PROTOCOL", "http", "tcp") == "tcp",
		healthy:       statusCodes(r.text("READINESS_CHECK_HEALTHY_STATUS", "100-"+strconv.Itoa(unhealthy-1), statusText, areStatusCodes)),
		basePath:      r.text("REMOVE_BASE_PATH", "", pathText, isPath),
		asyncInit:     r.isTrue("ASYNC_INIT"),
		stream:        r.oneOf("INVOKE_MODE", "buffered", "response_stream") == "response_stream",
		authorization: strings.ToLower(r.text("AUTHORIZATION_SOURCE", "", "the name of a header", isHeader)),
		errorStatus: statusCodes(r.text("ERROR_STATUS_CODES", "", statusText, func(value string) bool {
			return value == "" || areStatusCodes(value)
		})),
	}
	r.known["PASS_THROUGH_PATH"] = true        // for events that nothing sends here
	r.known["LAMBDA_RUNTIME_API_PROXY"] = true // an extension's Runtime API
	s.compress = r.isTrue("ENABLE_COMPRESSION") && !s.stream
	return s
}

// A reader reads variables by their names without the prefix.
type reader struct {
	variables map[string]string
	known     map[string]bool
	err       error // the first
}

// text returns a variable, or else its default. What it should be is said if it is
// invalid.
func (r *reader) text(name, value, what string, isValid func(string) bool) string {
	r.known[name] = true
	names := []string{prefix + name, name}
	if !slices.Contains(olderNames, name) {
		names = names[:1]
	}
	for _, name := range names {
		given, ok := r.variables[name]
		if !ok {
			continue
		}
		if !isValid(given) && r.err == nil {
			r.err = fault.In(name, fault.New("use "+what, "%q isn't %s", given, what))
		}
		return given
	}
	return value
}

// oneOf returns one of the values, the first by default. Case doesn't matter.
func (r *reader) oneOf(name string, values ...string) string {
	return strings.ToLower(r.text(name, values[0], strings.Join(values, " or "), func(value string) bool {
		return slices.Contains(values, strings.ToLower(value))
	}))
}

func (r *reader) isTrue(name string) bool {
	return r.text(name, "false", "true or false", func(value string) bool { return value == "true" || value == "false" }) == "true"
}

// portText describes ports on which an app can listen on Lambda.
//
// See: https://awslabs.github.io/aws-lambda-web-adapter/configuration/environment-variables.html
const portText = "a port from 1024 to 65535 other than 9001, where Lambda's Runtime API listens"

func isPort(value string) bool {
	n, err := strconv.ParseUint(value, 10, 16)
	return err == nil && n >= 1024 && n != 9001
}

func isHost(value string) bool {
	u, err := url.Parse("http://" + value)
	return err == nil && value != "" && u.Host == value
}

func isPath(value string) bool { return value == "" || strings.Contains("/?#", value[:1]) }

func isHeader(value string) bool { return value == "" || httpguts.ValidHeaderFieldName(value) }

// statusCodes are codes and ranges of them, both ends included.
type statusCodes string

func (s statusCodes) contain(status int) bool {
	ranges, _ := s.ranges()
	return slices.ContainsFunc(ranges, func(r [2]int) bool { return r[0] <= status && status <= r[1] })
}

func (s statusCodes) ranges() (ranges [][2]int, ok bool) {
	for part := range strings.SplitSeq(string(s), ",") {
		from, to, isRange := strings.Cut(strings.TrimSpace(part), "-")
		if !isRange {
			to = from
		}
		first, err := strconv.Atoi(from)
		last, lastErr := strconv.Atoi(to)
		if err != nil || lastErr != nil || first > last {
			return nil, false
		}
		ranges = append(ranges, [2]int{first, last})
	}
	return ranges, true
}

func areStatusCodes(list string) bool {
	_, ok := statusCodes(list).ranges()
	return ok
}
