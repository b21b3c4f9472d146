package adapter

import (
	"testing"

	standin "github.com/cloudfurl/cloudfurl/internal/local/adapter"
)

// ending are variables with which the adapter exits.
var ending = []map[string]string{
	with("AWS_LWA_PORT", "abc"),
	with("AWS_LWA_PORT", "65536"),
	with("AWS_LWA_PORT", "-1"),
	with("AWS_LWA_PORT", "80 "),
	with("AWS_LWA_READINESS_CHECK_PORT", "8080x"),
	with("AWS_LWA_READINESS_CHECK_PATH", "health"),
	with("AWS_LWA_HOST", "a b"),
	with("AWS_LWA_HOST", ""),
	with("AWS_LWA_READINESS_CHECK_PROTOCOL", "tcp", "AWS_LWA_READINESS_CHECK_PORT", "80"),
}

func TestAdapters_exit_with_variables_that_make_no_URL(t *testing.T) {
	for _, more := range ending {
		t.Run(marshal(more), func(t *testing.T) {
			each(t, func(t *testing.T, i implementation) {
				a, l := listen(t, ok), newLambda(t)
				r := i.start(t, l.address(), variables(a.port(), more))
				if err := receive(t, r.done, "end of the adapter"); err == nil {
					t.Error("the adapter ended without an error")
				}
			})
			if standin.Check(more) == nil {
				t.Error("Check has nothing to say")
			}
		})
	}
}

// ignored are variables whose values AWS's adapter ignores. The stand-in doesn't start
// with them.
var ignored = []map[string]string{
	with("AWS_LWA_INVOKE_MODE", "response-stream"),
	with("AWS_LWA_ENABLE_COMPRESSION", "1"),
	with("AWS_LWA_ASYNC_INIT", "True"),
	with("AWS_LWA_READINESS_CHECK_PROTOCOL", "ftp"),
	with("AWS_LWA_READINESS_CHECK_HEALTHY_STATUS", "200-499,x"),
	with("AWS_LWA_ERROR_STATUS_CODES", "599-"),
	with("AWS_LWA_AUTHORIZATION_SOURCE", "x original"),
}

func TestAdapters_differ_about_values_that_mean_nothing(t *testing.T) {
	for _, more := range ignored {
		t.Run(marshal(more), func(t *testing.T) {
			each(t, func(t *testing.T, i implementation) {
				a, l := listen(t, ok), newLambda(t)
				r := i.start(t, l.address(), variables(a.port(), more))
				if i.name == "aws" {
					receive(t, l.asked, "request for an event")
				} else if err := receive(t, r.done, "end of the adapter"); err == nil {
					t.Error("the stand-in ended without an error")
				}
			})
		})
	}
}
