package fault

import (
	"errors"
	"testing"
)

func TestRedact_keeps_values_out_of_errors(t *testing.T) {
	values := map[string]string{"secretsmanager:db": "hunter22", "ssm:long": "hunter2222", "ssm:short": "is"}
	err := Redact(At("App/hunter22", New("don't write hunter2222", "is %q", "hunter22")), values)
	if got, want := err.Error(), `App/(the value of secretsmanager:db): is "(the value of secretsmanager:db)"`; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got, want := HintOf(err), "don't write (the value of ssm:long)"; got != want {
		t.Errorf("got the hint %q, want %q", got, want)
	}
	plain := errors.New("hunter22 failed")
	if got := Redact(plain, values); got.Error() != "(the value of secretsmanager:db) failed" || !errors.Is(got, plain) {
		t.Errorf("got %q", got)
	}
	if Redact(nil, values) != nil || Redact(plain, nil) != plain {
		t.Error("an error without values is changed")
	}
}
