package adapter

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/cloudfurl/cloudfurl/internal/fault"
	"github.com/cloudfurl/cloudfurl/internal/local/logtest"
)

func TestCheck_says_what_is_wrong_with_a_value(t *testing.T) {
	const (
		port     = "a port from 1024 to 65535 other than 9001, where Lambda's Runtime API listens"
		path     = "empty or a path that begins with a slash"
		statuses = "a list of status codes and ranges, such as 500,502-504"
	)
	for _, test := range []struct{ name, value, want string }{
		{"AWS_LWA_PORT", "abc", port},
		{"PORT", "65536", port},
		{"AWS_LWA_PORT", "", port},
		{"AWS_LWA_PORT", "80", port},
		{"PORT", "9001", port},
		{"HOST", "a b", "a name or an address, such as 127.0.0.1"},
		{"AWS_LWA_READINESS_CHECK_PORT", "x", port},
		{"AWS_LWA_READINESS_CHECK_PATH", "health", path},
		{"AWS_LWA_READINESS_CHECK_PROTOCOL", "ftp", "http or tcp"},
		{"AWS_LWA_READINESS_CHECK_HEALTHY_STATUS", "ok", statuses},
		{"AWS_LWA_READINESS_CHECK_HEALTHY_STATUS", "200-299,3xx", statuses},
		{"AWS_LWA_READINESS_CHECK_MIN_UNHEALTHY_STATUS", "4xx", "a status code above 100"},
		{"AWS_LWA_READINESS_CHECK_MIN_UNHEALTHY_STATUS", "0", "a status code above 100"},
		{"AWS_LWA_REMOVE_BASE_PATH", "prod", path},
		{"ASYNC_INIT", "True", "true or false"},
		{"AWS_LWA_ENABLE_COMPRESSION", "1", "true or false"},
		{"AWS_LWA_INVOKE_MODE", "response-stream", "buffered or response_stream"},
		{"AWS_LWA_AUTHORIZATION_SOURCE", "x original", "the name of a header"},
		{"AWS_LWA_ERROR_STATUS_CODES", "500-", statuses},
		{"AWS_LWA_ERROR_STATUS_CODES", "504-500", statuses},
	} {
		err := Check(map[string]string{test.name: test.value})
		if want := fmt.Sprintf("%s: %q isn't %s", test.name, test.value, test.want); err == nil || err.Error() != want || fault.HintOf(err) != "use "+test.want {
			t.Errorf("got %v, want %s, with what to give", err, want)
		}
		if f := new(fault.Error); !errors.As(err, &f) || f.Property != test.name {
			t.Errorf("%s: got %#v, want a *fault.Error with the variable", test.name, err)
		}
	}
}

func TestCheck_has_nothing_to_say_about_good_values(t *testing.T) {
	for _, variables := range []map[string]string{
		nil,
		{"PATH": "/usr/bin", "HOST": "localhost", "PORT": "5000"},
		{"AWS_LWA_HOST": "[::1]", "AWS_LWA_PORT": "5000"},
		{
			"AWS_LAMBDA_EXEC_WRAPPER": "/opt/bootstrap", "AWS_LWA_INVOKE_MODE": "response_stream", "PORT": "8080", "AWS_LWA_PORT": "8080",
			"AWS_LWA_READINESS_CHECK_PATH": "/health", "AWS_LWA_ASYNC_INIT": "true", "AWS_LWA_AUTHORIZATION_SOURCE": "x-original-authorization",
		},
		{"AWS_LWA_READINESS_CHECK_PROTOCOL": "TCP", "AWS_LWA_ENABLE_COMPRESSION": "true", "AWS_LWA_INVOKE_MODE": "Response_Stream"},
		{"AWS_LWA_READINESS_CHECK_HEALTHY_STATUS": "200-399, 404", "AWS_LWA_ERROR_STATUS_CODES": "500,502-504", "AWS_LWA_REMOVE_BASE_PATH": ""},
		{"AWS_LWA_LAMBDA_RUNTIME_API_PROXY": "127.0.0.1:9002", "AWS_LWA_PASS_THROUGH_PATH": "/sqs", "AWS_LWA_READINESS_CHECK_MIN_UNHEALTHY_STATUS": "400"},
	} {
		if err := Check(variables); err != nil {
			t.Errorf("%v: got %v", variables, err)
		}
	}
}

func TestWarn_says_that_compression_is_left_out(t *testing.T) {
	for mode, want := range map[string]string{
		"buffered":        "responses aren't compressed here",
		"response_stream": "",
	} {
		log, written := logtest.New()
		Warn(map[string]string{"AWS_LWA_ENABLE_COMPRESSION": "true", "AWS_LWA_INVOKE_MODE": mode}, log)
		if got := written.String(); (got == "") != (want == "") || !strings.Contains(got, want) {
			t.Errorf("%s: got the log %q, want %q", mode, got, want)
		}
	}
}

func TestWarn_says_that_a_variable_has_no_effect(t *testing.T) {
	variables := map[string]string{"AWS_LWA_PORT": "5000", "AWS_LWA_LOG_LEVEL": "debug", "LOG_LEVEL": "debug"}
	if err := Check(variables); err != nil {
		t.Errorf("got %v", err)
	}
	log, written := logtest.New()
	Warn(variables, log)
	written.Want(t, "level=WARN", "AWS_LWA_LOG_LEVEL has no effect", "isn't a variable of Lambda Web Adapter 1.x", "hint=")
	if strings.Count(written.String(), "\n") != 1 {
		t.Errorf("got the log %q, want one line", written)
	}
}
