package e2e

import (
	"testing"

	"github.com/cloudfurl/cloudfurl/internal/local/assembly"
)

// An upgrade of the CDK that brings a new schema shows here, and not as a warning
// at every start.
func TestAssembly_of_the_pinned_CDK_has_a_known_schema(t *testing.T) {
	a, err := assembly.Open(built.assembly)
	if err != nil {
		t.Fatal(err)
	}
	if a.Newer != "" {
		t.Errorf("the CDK writes schema %s, which is newer than what internal/local/assembly knows", a.Newer)
	}
}
