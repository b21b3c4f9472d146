package headers

import (
	"net/http"
	"slices"
	"strings"
	"testing"
)

func TestDisallowed_knows_names_in_any_case_and_prefixes(t *testing.T) {
	for name, want := range map[string]bool{
		"connection": true, "X-Amzn-RequestId": true, "x-edge-anything": true, "X-Amz-Cf-Id": true,
		"x-amz-content-sha256": false, "te": false, "host": false,
	} {
		if got := Disallowed(name); got != want {
			t.Errorf("Disallowed(%q) is %v", name, got)
		}
	}
}

func TestReadOnly_has_more_for_Lambda_at_viewer_events_only(t *testing.T) {
	for event := range readOnly {
		if same := slices.Equal(ReadOnly(event), ReadOnlyForLambda(event)); same != strings.HasPrefix(event, "origin-") {
			t.Errorf("%s: %v and %v", event, ReadOnly(event), ReadOnlyForLambda(event))
		}
	}
}

func TestTables_hold_canonical_names(t *testing.T) {
	for name := range disallowed {
		if name != http.CanonicalHeaderKey(name) {
			t.Errorf("%q isn't canonical", name)
		}
	}
	for _, names := range readOnly {
		for _, name := range names {
			if name != http.CanonicalHeaderKey(name) {
				t.Errorf("%q isn't canonical", name)
			}
		}
	}
}

func TestRemoveConnection_removes_what_it_names(t *testing.T) {
	h := http.Header{"Connection": {"close, X-A", " x-b"}, "X-A": {"a"}, "X-B": {"b"}, "X-C": {"c"}}
	RemoveConnection(h)
	if len(h) != 1 || h.Get("X-C") != "c" {
		t.Errorf("got %v", h)
	}
}

func TestUTF8_takes_other_bytes_for_ISO_8859_1(t *testing.T) {
	if got := UTF8("caf\xe9"); got != "café" {
		t.Errorf("got %q", got)
	}
}
