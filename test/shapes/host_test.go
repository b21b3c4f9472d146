package shapes

import (
	"net/http"
	"strings"
	"testing"

	"github.com/cloudfurl/cloudfurl/internal/local/build"
)

// distribution returns the distribution of a shape.
func (e *edge) distribution(t *testing.T, shape string) build.Part {
	t.Helper()
	return e.part(t, "distribution", shape)
}

// functionURL returns the first function URL.
func (e *edge) functionURL(t *testing.T) build.Part {
	t.Helper()
	return e.part(t, "function URL", "")
}

// part returns the first part of a kind whose construct path begins with a prefix.
func (e *edge) part(t *testing.T, kind, prefix string) build.Part {
	t.Helper()
	for _, part := range e.Parts {
		if part.Kind == kind && strings.HasPrefix(part.Path, prefix) {
			return part
		}
	}
	t.Fatalf("got %+v, want a %s of %q", e.Parts, kind, prefix)
	panic("unreachable")
}

func TestHosts_select_one_of_many_distributions(t *testing.T) {
	e := serve(t, synthesized)
	if got := e.get(t, "/", "Host", e.distribution(t, "Public").Hosts[0]); got.status != http.StatusCreated {
		t.Errorf("Public: got %d %s, want the Python handler's 201", got.status, got.body)
	}
	for _, host := range append(e.distribution(t, "Behavior").Hosts, "WWW.example.com:80") {
		got := e.get(t, "/second/", "Host", host)
		if got.status != http.StatusOK || !strings.Contains(read[seen](t, got).Function, "Second") {
			t.Errorf("%s: got %d %s, want 200 of the second function", host, got.status, got.body)
		}
	}
	got := e.send(t, http.MethodPost, "/", "body", "Host", e.distribution(t, "Strong").Hosts[1], "Content-Type", "text/plain")
	if got.status != http.StatusOK || read[seen](t, got).Body != "body" {
		t.Errorf("Strong: got %d %s, want 200 and the body", got.status, got.body)
	}
}

func TestHosts_that_are_unknown_get_a_list_of_the_known(t *testing.T) {
	e := serve(t, synthesized)
	got := e.get(t, "/", "Host", "other.example.com")
	if got.status != http.StatusMisdirectedRequest || !strings.Contains(got.body, "www.example.com") {
		t.Errorf("got %d %s, want 421 and the known names", got.status, got.body)
	}
}
