package fault

import (
	"errors"
	"fmt"
	"io/fs"
	"testing"
)

func TestError_says_where_and_what_but_not_the_hint(t *testing.T) {
	tests := []struct {
		err  error
		want string
	}{
		{New("give one", "has no name"), "has no name"},
		{At("App/Api", New("give one", "has no name")), "App/Api: has no name"},
		{At("App/Api", In("Name", New("", "is %d", 3))), "App/Api, Name: is 3"},
		{In("Config", In("Origins", In("[0]", New("", "is empty")))), "Config.Origins[0]: is empty"},
		{At("App/Api", In("Config", errors.New("is empty"))), "App/Api, Config: is empty"},
	}
	for _, test := range tests {
		if got := test.err.Error(); got != test.want {
			t.Errorf("got %q, want %q", got, test.want)
		}
	}
}

func TestAt_and_In_leave_a_known_place_alone(t *testing.T) {
	err := At("App/Policy", New("", "is empty"))
	if got := At("App/Api", In("CachePolicyId", err)).Error(); got != "App/Policy: is empty" {
		t.Errorf("got %q, want the place that was given first", got)
	}
}

func TestNeeded_names_the_nearest_place_that_asked(t *testing.T) {
	err := Needed("App/Url, Cors", Needed("App/Api, Name", At("App, parameter Name", New("", "has no value"))))
	if got, want := err.Error(), "App, parameter Name: has no value (needed by App/Api, Name)"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := Needed("App/Api", New("", "has no value")).Error(); got != "has no value" {
		t.Errorf("got %q, want no place before there is one", got)
	}
}

func TestIn_keeps_the_end_of_a_long_property(t *testing.T) {
	err := error(New("", "is empty"))
	for range 10_000 {
		err = In("Fn::Base64", err)
	}
	if got := err.Error(); len(got) > 2*maxProperty {
		t.Errorf("got %d bytes", len(got))
	}
}

func TestAt_and_In_do_not_change_the_error_they_get(t *testing.T) {
	err := New("give one", "is empty")
	_ = At("App/Api", In("Name", err))
	if err.Where != "" || err.Property != "" {
		t.Errorf("got %+v, want the error as it was", err)
	}
}

func TestAt_and_In_of_nil_are_nil(t *testing.T) {
	if At("App", nil) != nil || In("Name", nil) != nil {
		t.Error("got an error of nil")
	}
}

func TestHintOf_finds_the_hint_below_other_errors(t *testing.T) {
	err := At("App", fmt.Errorf("opening: %w", New("synthesize again", "is missing: %w", fs.ErrNotExist)))
	if got := HintOf(err); got != "synthesize again" {
		t.Errorf("got hint %q", got)
	}
	if !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%v does not unwrap to fs.ErrNotExist", err)
	}
	if got := HintOf(errors.New("plain")); got != "" {
		t.Errorf("got hint %q of a plain error", got)
	}
}
