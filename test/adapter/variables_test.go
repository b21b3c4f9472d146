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
