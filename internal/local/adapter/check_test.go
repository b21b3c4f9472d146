package adapter

import (
	"errors"
	"testing"

	"github.com/cloudfurl/cloudfurl/internal/fault"
)

func TestCheck_says_what_the_adapter_does_with_a_value(t *testing.T) {
	for _, test := range []struct {
		variables map[string]string
		want      string
	}{
		{map[string]string{"AWS_LWA_PORT": "abc"}, `AWS_LWA_PORT: "abc" isn't a port; the adapter exits`},
		{map[string]string{"PORT": "65536"}, `PORT: "65536" isn't a port; the adapter exits`},
		{map[string]string{"AWS_LWA_PORT": ""}, "AWS_LWA_PORT: is 80, and apps on Lambda can't listen on ports below 1024"},
		{map[string]string{"PORT": "9001"}, "PORT: is 9001, where Lambda's Runtime API listens"},
		{map[string]string{"HOST": "a b"}, `HOST: "a b" isn't a host; the adapter exits`},
		{map[string]string{"AWS_LWA_READINESS_CHECK_PORT": "x"}, `AWS_LWA_READINESS_CHECK_PORT: "x" isn't a port; the adapter exits`},
		{map[string]string{"AWS_LWA_READINESS_CHECK_PATH": "health"}, `AWS_LWA_READINESS_CHECK_PATH: "health" doesn't begin with a slash; the adapter exits`},
		{map[string]string{"READINESS_CHECK_PROTOCOL": "tcp", "PORT": "80"}, "PORT: the adapter can't check port 80 by TCP, and exits"},
		{map[string]string{"AWS_LWA_READINESS_CHECK_PROTOCOL": "ftp"}, `AWS_LWA_READINESS_CHECK_PROTOCOL: "ftp" is read as http`},
		{map[string]string{"AWS_LWA_READINESS_CHECK_HEALTHY_STATUS": "ok"}, `AWS_LWA_READINESS_CHECK_HEALTHY_STATUS: "ok" has no status code, so the app never becomes ready`},
		{map[string]string{"AWS_LWA_READINESS_CHECK_HEALTHY_STATUS": "200-299,3xx"}, `AWS_LWA_READINESS_CHECK_HEALTHY_STATUS: "3xx" of "200-299,3xx" is neither a status code nor a range of them, and is ignored`},
		{
			map[string]string{"AWS_LWA_READINESS_CHECK_HEALTHY_STATUS": "200", "AWS_LWA_READINESS_CHECK_MIN_UNHEALTHY_STATUS": "400"},
			"AWS_LWA_READINESS_CHECK_HEALTHY_STATUS: is set, so AWS_LWA_READINESS_CHECK_MIN_UNHEALTHY_STATUS has no effect",
		},
		{map[string]string{"AWS_LWA_READINESS_CHECK_MIN_UNHEALTHY_STATUS": "4xx"}, `AWS_LWA_READINESS_CHECK_MIN_UNHEALTHY_STATUS: "4xx" isn't a status code, and is read as 500`},
		{map[string]string{"AWS_LWA_READINESS_CHECK_MIN_UNHEALTHY_STATUS": "0"}, `AWS_LWA_READINESS_CHECK_MIN_UNHEALTHY_STATUS: with 0 no status is healthy, so the app never becomes ready`},
		{map[string]string{"AWS_LWA_REMOVE_BASE_PATH": "prod"}, `AWS_LWA_REMOVE_BASE_PATH: "prod" doesn't begin with a slash, so no path begins with it`},
		{map[string]string{"ASYNC_INIT": "True"}, `ASYNC_INIT: "True" is read as false`},
		{map[string]string{"AWS_LWA_ENABLE_COMPRESSION": "1"}, `AWS_LWA_ENABLE_COMPRESSION: "1" is read as false`},
		{
			map[string]string{"AWS_LWA_ENABLE_COMPRESSION": "true", "AWS_LWA_INVOKE_MODE": "RESPONSE_STREAM"},
			"AWS_LWA_ENABLE_COMPRESSION: has no effect with AWS_LWA_INVOKE_MODE=RESPONSE_STREAM: streams aren't compressed",
		},
		{map[string]string{"AWS_LWA_INVOKE_MODE": "response-stream"}, `AWS_LWA_INVOKE_MODE: "response-stream" is read as buffered`},
		{map[string]string{"AWS_LWA_AUTHORIZATION_SOURCE": "x original"}, `AWS_LWA_AUTHORIZATION_SOURCE: "x original" isn't the name of a header, so Authorization stays as it is`},
		{map[string]string{"AWS_LWA_ERROR_STATUS_CODES": "500-"}, `AWS_LWA_ERROR_STATUS_CODES: "500-" of "500-" is neither a status code nor a range of them, and is ignored`},
		{map[string]string{"AWS_LWA_ERROR_STATUS_CODES": "504-500"}, `AWS_LWA_ERROR_STATUS_CODES: "504-500" of "504-500" is neither a status code nor a range of them, and is ignored`},
		{map[string]string{"AWS_LWA_ENABLE_TLS": "true"}, "AWS_LWA_ENABLE_TLS: isn't a variable of Lambda Web Adapter 1.x, which ignores it"},
	} {
		err := Check(test.variables)
		if err == nil || err.Error() != test.want || fault.CureOf(err) == "" {
			t.Errorf("%v: got %v, want %q with a cure", test.variables, err, test.want)
		}
		if f := new(fault.Error); !errors.As(err, &f) || f.Property == "" {
			t.Errorf("%v: got %#v, want a *fault.Error with the variable", test.variables, err)
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
		{"AWS_LWA_READINESS_CHECK_PROTOCOL": "TCP", "AWS_LWA_ENABLE_COMPRESSION": "true", "AWS_LWA_INVOKE_MODE": "Buffered"},
		{"AWS_LWA_READINESS_CHECK_HEALTHY_STATUS": "200-399, 404", "AWS_LWA_ERROR_STATUS_CODES": "500,502-504", "AWS_LWA_REMOVE_BASE_PATH": ""},
		{"AWS_LWA_LAMBDA_RUNTIME_API_PROXY": "127.0.0.1:9002", "AWS_LWA_PASS_THROUGH_PATH": "/sqs", "AWS_LWA_READINESS_CHECK_MIN_UNHEALTHY_STATUS": "400"},
	} {
		if err := Check(variables); err != nil {
			t.Errorf("%v: got %v", variables, err)
		}
	}
}
